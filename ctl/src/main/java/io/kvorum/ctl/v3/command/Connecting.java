// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.grpc.Keepalive;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.http.HttpUrl;
import io.kvorum.ctl.http.MalformedUrl;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.PasswordPrompt;
import io.kvorum.ctl.v3.client.ClientSettings;
import io.kvorum.ctl.v3.client.Endpoint;
import io.kvorum.ctl.v3.client.EtcdClient;
import java.util.ArrayList;
import java.util.List;

/** From settings to a client that is logged in. */
final class Connecting {

  private static final long SEND_BYTES = 2 << 20;

  private final Console console;
  private final Settings settings;

  Connecting(Console console, Settings settings) {
    this.console = console;
    this.settings = settings;
  }

  /** A client of the cluster; logs in when there is a user. */
  EtcdClient client() {
    refuseTls();
    List<Endpoint> endpoints = endpoints(settings.text(GlobalFlags.ENDPOINTS));
    String user = settings.text(GlobalFlags.USER);
    String password = settings.text(GlobalFlags.PASSWORD);
    String token = settings.text(GlobalFlags.JWT_TOKEN);
    if (!user.isEmpty() && !token.isEmpty()) {
      throw fail(ExitStatus.BAD_ARGUMENTS, "--user and --auth-jwt-token can not be used together");
    }
    return client(endpoints, user, password, token);
  }

  /** A client of some cluster, with other credentials than the settings'. */
  EtcdClient client(List<Endpoint> endpoints, String user, String password, String token) {
    String name = user;
    String secret = password;
    int colon = user.indexOf(':');
    if (password.isEmpty() && colon >= 0) {
      name = user.substring(0, colon);
      secret = user.substring(colon + 1);
    } else if (password.isEmpty() && !user.isEmpty()) {
      secret = PasswordPrompt.ask(console, "Password: ");
    }
    EtcdClient client =
        new EtcdClient(
            endpoints,
            new ClientSettings(
                settings.durationNanos(GlobalFlags.DIAL_TIMEOUT),
                settings.durationNanos(GlobalFlags.COMMAND_TIMEOUT),
                Keepalive.ofNanos(
                    settings.durationNanos(GlobalFlags.KEEPALIVE_TIME),
                    settings.durationNanos(GlobalFlags.KEEPALIVE_TIMEOUT)),
                limit(GlobalFlags.REQUEST_BYTES, SEND_BYTES),
                limit(GlobalFlags.RECEIVE_BYTES, Integer.MAX_VALUE),
                name,
                secret,
                token));
    try {
      client.login();
    } catch (RpcFailure e) {
      throw fail(ExitStatus.BAD_CONNECTION, String.valueOf(e.getMessage()));
    }
    return client;
  }

  private long limit(Option option, long usual) {
    long given = settings.number(option);
    return given <= 0 ? usual : Math.min(given, Integer.MAX_VALUE);
  }

  /** The endpoints of a list. */
  List<Endpoint> endpoints(String list) {
    List<Endpoint> endpoints = new ArrayList<>();
    int start = 0;
    while (start <= list.length() && !list.isEmpty()) {
      int comma = list.indexOf(',', start);
      int end = comma < 0 ? list.length() : comma;
      endpoints.add(endpoint(list.substring(start, end).strip()));
      start = end + 1;
    }
    if (endpoints.isEmpty()) {
      throw fail(ExitStatus.BAD_CONNECTION, "etcdclient: no available endpoints");
    }
    return endpoints;
  }

  /** One endpoint, with or without scheme. */
  Endpoint endpoint(String text) {
    try {
      HttpUrl url = HttpUrl.parse(text.indexOf("://") < 0 ? "http://" + text : text);
      if (!url.scheme().equals("http")) {
        throw fail(
            ExitStatus.BAD_ARGUMENTS,
            "endpoints with scheme " + url.scheme() + " are not supported yet: " + text);
      }
      return new Endpoint(text, url);
    } catch (MalformedUrl e) {
      throw fail(ExitStatus.BAD_CONNECTION, String.valueOf(e.getMessage()));
    }
  }

  private void refuseTls() {
    String cert = settings.text(GlobalFlags.CERT);
    String key = settings.text(GlobalFlags.KEY);
    if (cert.isEmpty() != key.isEmpty()) {
      throw fail(
          ExitStatus.BAD_ARGUMENTS,
          "KeyFile and CertFile must both be present[key: " + key + ", cert: " + cert + "]");
    }
    String cacert = settings.text(GlobalFlags.CACERT);
    if (!cacert.isEmpty() && !new java.io.File(cacert).exists()) {
      throw fail(ExitStatus.BAD_ARGUMENTS, "open " + cacert + ": no such file or directory");
    }
    refuse(GlobalFlags.CERT);
    refuse(GlobalFlags.CACERT);
    refuse(GlobalFlags.DISCOVERY_SRV);
    if (!settings.isSet(GlobalFlags.INSECURE_TRANSPORT)) {
      throw fail(ExitStatus.BAD_ARGUMENTS, "--insecure-transport=false is not supported yet");
    }
  }

  private void refuse(Option option) {
    if (!settings.text(option).isEmpty()) {
      throw fail(ExitStatus.BAD_ARGUMENTS, "--" + option.name() + " is not supported yet");
    }
  }

  private CommandExit fail(int code, String reason) {
    console.errorLine("Error: " + reason);
    return new CommandExit(code);
  }
}
