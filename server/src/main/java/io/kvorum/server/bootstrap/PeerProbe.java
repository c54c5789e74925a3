// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Clock;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MembershipView;
import io.kvorum.server.observe.PeerMetrics;
import io.kvorum.server.transport.peer.PeerDirectory;
import java.time.Duration;

/** Asks every other member now and then, to know how long an answer takes. Etcd's period. */
final class PeerProbe {
  static final Duration PERIOD = Duration.ofSeconds(4);

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PeerDirectory directory;
  private final MembershipView members;
  private final PeerMetrics metrics;
  private final Clock clock;

  PeerProbe(PeerDirectory directory, MembershipView members, PeerMetrics metrics, Clock clock) {
    this.directory = directory;
    this.members = members;
    this.metrics = metrics;
    this.clock = clock;
  }

  void ask() {
    var now = members.current();
    for (Member member : now.members().values()) {
      if (!member.id().equals(now.localId())) {
        ask(member);
      }
    }
  }

  private void ask(Member member) {
    long since = clock.monotonicNanos();
    var unused =
        directory
            .ask(member.peerUrls(), "/raft/probing", PATIENCE)
            .thenAccept(
                answer -> {
                  if (answer.isPresent()) {
                    metrics.answered(member.id().value(), clock.monotonicNanos() - since);
                  }
                });
  }
}
