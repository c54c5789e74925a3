// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpRequest;
import io.kvorum.ctl.http.HttpTransport;
import io.kvorum.ctl.http.HttpUrl;
import io.kvorum.ctl.http.MalformedUrl;
import io.kvorum.ctl.http.TransportFailure;
import io.kvorum.ctl.json.JsonReader;
import io.kvorum.ctl.json.JsonSyntaxException;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.terminal.Interrupts;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.Member;
import io.kvorum.ctl.v2.client.MembersApi;
import java.util.List;

/**
 * {@code cluster-health}: asks every member whether it is healthy. One healthy member makes the
 * cluster healthy, since a member only says so when a quorum has just committed something.
 *
 * <p>It never synchronises endpoints and has no time limit: a member that hangs makes it wait.
 */
final class ClusterHealthCommand implements Command {

  private static final Option FOREVER =
      Option.flag("forever check the health every 10 second until CTRL+C", "forever");
  private static final long ROUND_MILLIS = 10_000;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "cluster-health",
        "check the health of the etcd cluster",
        CommandSpec.NO_ARGUMENTS,
        FOREVER);
  }

  @Override
  public void run(Invocation call) {
    boolean forever = call.isSet(FOREVER);
    if (forever) {
      Interrupts.endSuccessfully();
    }
    Console console = call.console();
    ClusterClient cluster = Connecting.asGiven(console, call.globals());
    List<Member> members = list(console, cluster);
    boolean healthy = round(console, cluster.transport(), members);
    while (forever) {
      console.print("\nnext check after 10 second...\n\n");
      console.flush();
      pause();
      healthy = round(console, cluster.transport(), members);
    }
    if (!healthy) {
      throw new CommandExit(ExitCode.CLUSTER_UNHEALTHY);
    }
  }

  private static List<Member> list(Console console, ClusterClient cluster) {
    try {
      return new MembersApi(cluster).list(Deadline.NEVER);
    } catch (ApiFailure e) {
      console.line("cluster may be unhealthy: failed to list members");
      throw Invocation.serverError(console, ExitCode.SERVER_ERROR, e);
    }
  }

  private static boolean round(Console console, HttpTransport transport, List<Member> members) {
    boolean healthy = false;
    for (Member member : members) {
      healthy |= isHealthy(console, transport, member);
      // A member that hangs may come next: say what is known.
      console.flush();
    }
    console.line(healthy ? "cluster is healthy" : "cluster is unhealthy");
    return healthy;
  }

  /** Asks a member at one URL after the other until it gives an answer that can be read. */
  private static boolean isHealthy(Console console, HttpTransport transport, Member member) {
    String who = "member " + member.id();
    if (member.clientUrls().isEmpty()) {
      console.line(who + " is unreachable: no available published client urls");
      return false;
    }
    for (String url : member.clientUrls()) {
      try {
        boolean healthy = ask(transport, url);
        String result = healthy ? "healthy" : "unhealthy";
        console.line(who + " is " + result + ": got " + result + " result from " + url);
        return healthy;
      } catch (JsonSyntaxException | MalformedUrl e) {
        console.line(failure(who, url, String.valueOf(e.getMessage())));
      } catch (TransportFailure e) {
        String reason = "Get " + url + "/health: " + e.getMessage();
        console.line(failure(who, url, reason));
      }
    }
    String urls = String.join(" ", member.clientUrls());
    console.line(who + " is unreachable: [" + urls + "] are all unreachable");
    return false;
  }

  private static String failure(String who, String url, String reason) {
    return "failed to check the health of " + who + " on " + url + ": " + reason;
  }

  private static boolean ask(HttpTransport transport, String url)
      throws JsonSyntaxException, MalformedUrl {
    HttpRequest request = HttpRequest.get(HttpUrl.parse(url + "/health"));
    JsonReader json =
        new JsonReader(transport.exchange(request, Deadline.NEVER, Deadline.NEVER).body());
    boolean healthy = false;
    json.beginObject();
    while (json.hasMore()) {
      if (json.name().equalsIgnoreCase("health")) {
        healthy = json.textOrTruth().equals("true");
      } else {
        json.skip();
      }
    }
    json.end();
    json.finish();
    return healthy;
  }

  private static void pause() {
    try {
      Thread.sleep(ROUND_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
