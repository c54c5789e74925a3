// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.Option;
import java.util.List;

/** The options that stand before the command. */
public final class GlobalOptions {

  static final Option DEBUG =
      Option.flag("output cURL commands which can be used to reproduce the request", "debug");
  static final Option NO_SYNC =
      Option.flag("don't synchronize cluster information before sending request", "no-sync");
  static final Option OUTPUT =
      Option.text(
          "simple",
          "output response in the given format (`simple`, `extended` or `json`)",
          List.of("output", "o"));
  static final Option DISCOVERY_SRV =
      Option.text(
          "domain name to query for SRV records describing cluster endpoints",
          "discovery-srv",
          "D");
  static final Option PEERS =
      Option.text("DEPRECATED - \"--endpoints\" should be used instead", "peers", "C");
  static final Option ENDPOINT =
      Option.text("DEPRECATED - \"--endpoints\" should be used instead", "endpoint");
  static final Option ENDPOINTS =
      Option.text(
          "a comma-delimited list of machine addresses in the cluster (default:"
              + " \"http://127.0.0.1:2379,http://127.0.0.1:4001\")",
          "endpoints");
  static final Option CERT_FILE =
      Option.text("identify HTTPS client using this SSL certificate file", "cert-file");
  static final Option KEY_FILE =
      Option.text("identify HTTPS client using this SSL key file", "key-file");
  static final Option CA_FILE =
      Option.text("verify certificates of HTTPS-enabled servers using this CA bundle", "ca-file");
  static final Option USERNAME =
      Option.text(
          "provide username[:password] and prompt if password is not supplied.", "username", "u");
  static final Option TIMEOUT = Option.duration("1s", "connection timeout per request", "timeout");
  static final Option TOTAL_TIMEOUT =
      Option.duration("5s", "timeout for the command execution (except watch)", "total-timeout");

  /** Ends the program with the version. */
  public static final Option VERSION = Option.flag("print the version", "version", "v");

  /** All of them in the order of the help page. */
  public static final List<Option> ALL =
      List.of(
          DEBUG,
          NO_SYNC,
          OUTPUT,
          DISCOVERY_SRV,
          PEERS,
          ENDPOINT,
          ENDPOINTS,
          CERT_FILE,
          KEY_FILE,
          CA_FILE,
          USERNAME,
          TIMEOUT,
          TOTAL_TIMEOUT,
          Option.HELP,
          VERSION);

  private GlobalOptions() {}
}
