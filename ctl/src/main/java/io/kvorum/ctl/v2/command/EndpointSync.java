// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpAnswer;
import io.kvorum.ctl.http.HttpRequest;
import io.kvorum.ctl.http.HttpUrl;
import io.kvorum.ctl.http.MalformedUrl;
import io.kvorum.ctl.http.TimeLimitReached;
import io.kvorum.ctl.http.TransportFailure;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.ClusterUnavailable;
import io.kvorum.ctl.v2.client.Member;
import io.kvorum.ctl.v2.client.MembersApi;
import io.kvorum.ctl.v2.client.NoEndpoints;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Replaces the endpoints that were given by those that the cluster's members publish.
 *
 * <p>When the members API gives no answer although somebody is there, etcdctl 2.3.7 asks for the
 * peers the way etcd 0.4 was asked. That part is kept because exit statuses and messages depend on
 * it, but unlike there it has a time limit, after which the first failure is reported.
 */
final class EndpointSync {

  /** However short the total time-out, an endpoint that is there gets the time to say so. */
  private static final long PEERS_NANOS_MIN = 1_000_000_000L;

  private final Console console;
  private final ClusterClient cluster;
  private final long totalTimeoutNanos;

  EndpointSync(Console console, ClusterClient cluster, long totalTimeoutNanos) {
    this.console = console;
    this.cluster = cluster;
    this.totalTimeoutNanos = totalTimeoutNanos;
  }

  /** Synchronises; when that fails says why and ends the program. */
  void run() {
    try {
      useMembers();
    } catch (NoEndpoints e) {
      console.error(
          "etcd cluster has no published client endpoints.\n"
              + "Try '--no-sync' if you want to access non-published client endpoints("
              + String.join(",", cluster.endpoints())
              + ").\n");
      throw Invocation.serverError(console, ExitCode.SERVER_ERROR, e);
    } catch (ApiFailure e) {
      if (e.isConnectionProblem()) {
        throw Invocation.serverError(console, ExitCode.BAD_CONNECTION, e);
      }
      usePeers(e);
    }
  }

  private void useMembers() {
    List<String> published = new ArrayList<>();
    for (Member member : new MembersApi(cluster).list(cluster.callDeadline())) {
      published.addAll(member.clientUrls());
    }
    Collections.sort(published);
    List<String> known = new ArrayList<>(cluster.endpoints());
    Collections.sort(known);
    // The same set stays in its order: the endpoint that just answered remains pinned.
    if (!published.equals(known)) {
      cluster.replaceEndpoints(published);
    }
  }

  private void usePeers(ApiFailure reason) {
    Deadline deadline = Deadline.in(Math.max(totalTimeoutNanos, PEERS_NANOS_MIN));
    TransportFailure last = null;
    for (String endpoint : cluster.endpoints()) {
      try {
        HttpUrl url = HttpUrl.parse(endpoint + "/v2/peers");
        useAnswer(
            cluster.transport().exchange(HttpRequest.get(url), Deadline.NEVER, deadline), reason);
        return;
      } catch (TransportFailure e) {
        last = e;
      } catch (TimeLimitReached | MalformedUrl e) {
        throw Invocation.serverError(console, ExitCode.SERVER_ERROR, reason);
      }
    }
    if (last == null) {
      throw Invocation.serverError(console, ExitCode.SERVER_ERROR, reason);
    }
    console.errorLine("Error:  " + last.getMessage());
    throw new CommandExit(
        last.isConnectionProblem() ? ExitCode.BAD_CONNECTION : ExitCode.SERVER_ERROR);
  }

  private void useAnswer(HttpAnswer answer, ApiFailure reason) {
    if (answer.status() != 200 && reason instanceof ClusterUnavailable) {
      // A member that was too slow or had no leader: that is what the user must know.
      throw Invocation.serverError(console, ExitCode.SERVER_ERROR, reason);
    }
    // Any other answer that is not a list counts as one empty endpoint, which then fails as
    // "unsupported protocol scheme": what etcdctl shows for a peer port given by mistake.
    String body = answer.status() == 200 ? answer.body() : "";
    try {
      cluster.replaceEndpoints(Texts.split(body, ", "));
    } catch (ApiFailure e) {
      throw Invocation.serverError(console, ExitCode.SERVER_ERROR, e);
    }
  }
}
