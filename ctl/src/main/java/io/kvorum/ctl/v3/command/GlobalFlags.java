// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.Option;
import java.util.List;

/** The flags that every command has, in the order of their names. */
public final class GlobalFlags {

  static final Option JWT_TOKEN =
      Option.text(
          "JWT token used for authentication (if this is used, no login)", "auth-jwt-token");
  static final Option CACERT =
      Option.text(
          "verify certificates of TLS-enabled secure servers using this CA bundle", "cacert");
  static final Option CERT =
      Option.text("identify secure client using this TLS certificate file", "cert");
  static final Option COMMAND_TIMEOUT =
      Option.duration(
          "5s", "timeout for short running command (excluding dial timeout)", "command-timeout");
  static final Option DEBUG = Option.flag("enable client-side debug logging", "debug");
  static final Option DIAL_TIMEOUT =
      Option.duration("2s", "dial timeout for client connections", "dial-timeout");
  static final Option DISCOVERY_SRV =
      Option.text(
          "domain name to query for SRV records describing cluster endpoints",
          "discovery-srv",
          "d");
  static final Option DISCOVERY_SRV_NAME =
      Option.text("service name to query when using DNS discovery", "discovery-srv-name");
  static final Option ENDPOINTS =
      new Option(Option.Kind.LIST, List.of("endpoints"), "127.0.0.1:2379", "gRPC endpoints");
  static final Option HEX = Option.flag("print byte strings as hex encoded strings", "hex");
  static final Option INSECURE_DISCOVERY =
      new Option(
          Option.Kind.FLAG,
          List.of("insecure-discovery"),
          "true",
          "accept insecure SRV records describing cluster endpoints");
  static final Option INSECURE_SKIP_VERIFY =
      Option.flag("skip server certificate verification", "insecure-skip-tls-verify");
  static final Option INSECURE_TRANSPORT =
      new Option(
          Option.Kind.FLAG,
          List.of("insecure-transport"),
          "true",
          "disable transport security for client connections");
  static final Option KEEPALIVE_TIME =
      Option.duration("2s", "keepalive time for client connections", "keepalive-time");
  static final Option KEEPALIVE_TIMEOUT =
      Option.duration("6s", "keepalive timeout for client connections", "keepalive-timeout");
  static final Option KEY = Option.text("identify secure client using this TLS key file", "key");
  static final Option RECEIVE_BYTES =
      Option.number("0", "client-side receive size limit (0 for 2^31-1)", "max-recv-bytes");
  static final Option REQUEST_BYTES =
      Option.number("0", "client-side send size limit (0 for 2 MiB)", "max-request-bytes");
  static final Option PASSWORD =
      Option.text(
          "password for authentication (if this option is used, --user option shouldn't include"
              + " password)",
          "password");
  static final Option USER =
      Option.text(
          "username[:password] for authentication (prompt if password is not supplied)", "user");
  static final Option WRITE_OUT =
      Option.text(
          "simple",
          "set the output format (fields, json, protobuf, simple, table)",
          List.of("write-out", "w"));

  /** All of them. */
  public static final List<Option> ALL =
      List.of(
          JWT_TOKEN,
          CACERT,
          CERT,
          COMMAND_TIMEOUT,
          DEBUG,
          DIAL_TIMEOUT,
          DISCOVERY_SRV,
          DISCOVERY_SRV_NAME,
          ENDPOINTS,
          HEX,
          INSECURE_DISCOVERY,
          INSECURE_SKIP_VERIFY,
          INSECURE_TRANSPORT,
          KEEPALIVE_TIME,
          KEEPALIVE_TIMEOUT,
          KEY,
          RECEIVE_BYTES,
          REQUEST_BYTES,
          PASSWORD,
          USER,
          WRITE_OUT);

  private GlobalFlags() {}
}
