// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.cli.ParsedOptions;
import io.kvorum.ctl.http.HttpTransport;
import io.kvorum.ctl.http.HttpUrl;
import io.kvorum.ctl.http.MalformedUrl;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.terminal.PasswordPrompt;
import io.kvorum.ctl.v2.client.CallTrace;
import io.kvorum.ctl.v2.client.ClientSettings;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.EndpointOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** From global options and environment to a client. */
final class Connecting {

  private static final String DEFAULT_ENDPOINTS = "http://127.0.0.1:2379,http://127.0.0.1:4001";
  private static final long CONNECT_NANOS_MAX = 30_000_000_000L;

  private final Console console;
  private final ParsedOptions globals;

  private Connecting(Console console, ParsedOptions globals) {
    this.console = console;
    this.globals = globals;
  }

  /** A client whose endpoints are those of the cluster, unless {@code --no-sync} is given. */
  static ClusterClient synchronised(Console console, ParsedOptions globals) {
    Connecting connecting = new Connecting(console, globals);
    ClusterClient cluster = connecting.client();
    if (!globals.isSet(GlobalOptions.NO_SYNC)) {
      connecting.debug("start to sync cluster using endpoints(", ",", ")", cluster);
      new EndpointSync(console, cluster, connecting.totalTimeoutNanos()).run();
      connecting.debug("got endpoints(", ",", ") after sync", cluster);
    }
    connecting.debug("Cluster-Endpoints: ", ", ", "", cluster);
    return cluster;
  }

  /** A client with the endpoints that were given, for commands that never synchronise. */
  static ClusterClient asGiven(Console console, ParsedOptions globals) {
    Connecting connecting = new Connecting(console, globals);
    ClusterClient cluster = connecting.client();
    connecting.debug("Cluster-Endpoints: ", ", ", "", cluster);
    return cluster;
  }

  private ClusterClient client() {
    new TlsOptions(
            given(GlobalOptions.CERT_FILE, "ETCDCTL_CERT_FILE"),
            given(GlobalOptions.KEY_FILE, "ETCDCTL_KEY_FILE"),
            given(GlobalOptions.CA_FILE, "ETCDCTL_CA_FILE"))
        .check(console);
    refuse(GlobalOptions.DISCOVERY_SRV, "ETCDCTL_DISCOVERY_SRV");
    ClientSettings settings =
        new ClientSettings(
            globals.durationNanos(GlobalOptions.TIMEOUT), totalTimeoutNanos(), authorization());
    CallTrace trace = globals.isSet(GlobalOptions.DEBUG) ? new CallTrace(console::errorLine) : null;
    return new ClusterClient(
        new HttpTransport(connectNanosMax()),
        settings,
        endpoints(),
        new EndpointOrder(System.nanoTime()),
        trace);
  }

  private void refuse(Option option, String variable) {
    if (!given(option, variable).isEmpty()) {
      console.errorLine("etcdctl: --" + option.name() + " is not supported yet");
      throw new CommandExit(ExitCode.BAD_ARGUMENTS);
    }
  }

  /** An option's text, or the environment's when the option is empty. */
  private String given(Option option, String variable) {
    String text = globals.text(option);
    return text.isEmpty() ? console.variable(variable) : text;
  }

  private List<HttpUrl> endpoints() {
    String list = given(GlobalOptions.ENDPOINTS, "ETCDCTL_ENDPOINTS");
    if (list.isEmpty()) {
      list = given(GlobalOptions.ENDPOINT, "ETCDCTL_ENDPOINT");
    }
    if (list.isEmpty()) {
      list = given(GlobalOptions.PEERS, "ETCDCTL_PEERS");
    }
    if (list.isEmpty()) {
      list = DEFAULT_ENDPOINTS;
    }
    List<HttpUrl> endpoints = new ArrayList<>();
    for (String text : Texts.split(list, ",")) {
      endpoints.add(endpoint(text));
    }
    return endpoints;
  }

  private HttpUrl endpoint(String text) {
    boolean bare = !text.isEmpty() && text.indexOf("://") < 0;
    try {
      return HttpUrl.parse(bare ? "http://" + text : text);
    } catch (MalformedUrl e) {
      console.errorLine(String.valueOf(e.getMessage()));
      throw new CommandExit(ExitCode.BAD_ARGUMENTS);
    }
  }

  private String authorization() {
    String credentials = globals.text(GlobalOptions.USERNAME);
    if (credentials.isEmpty()) {
      return "";
    }
    if (credentials.indexOf(':') < 0) {
      credentials = credentials + ":" + PasswordPrompt.ask(console, "Password: ");
    }
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private long totalTimeoutNanos() {
    return globals.durationNanos(GlobalOptions.TOTAL_TIMEOUT);
  }

  private long connectNanosMax() {
    long total = totalTimeoutNanos();
    return total > 0 ? Math.min(total, CONNECT_NANOS_MAX) : CONNECT_NANOS_MAX;
  }

  private void debug(String before, String separator, String after, ClusterClient cluster) {
    if (globals.isSet(GlobalOptions.DEBUG)) {
      console.errorLine(before + String.join(separator, cluster.endpoints()) + after);
    }
  }
}
