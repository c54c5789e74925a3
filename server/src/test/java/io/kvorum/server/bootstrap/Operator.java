// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.member.MemberIds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes the membership while everything goes on: adds voters and learners, promotes, removes, and
 * replaces members whose disk is of no more use.
 */
final class Operator implements Workload {

  private static final int MEMBERS_MAX = 5;

  private final SimulatedCluster cluster;
  private final SimulatedClient client;
  private final Set<Long> learners = new HashSet<>();
  private long seconds;

  Operator(SimulatedCluster cluster) {
    this.cluster = cluster;
    client = new SimulatedClient(cluster);
  }

  @Override
  public void step() {
    if (client.isBusy()) {
      return;
    }
    List<SimulatedMember> lost = cluster.lost();
    SimulatedMember anyOne = cluster.any();
    if (!lost.isEmpty()) {
      remove(lost.getFirst());
    } else if (cluster.votersToSpare() > 0 && cluster.random().nextBoolean()) {
      remove(anyOne);
    } else if (!learners.isEmpty() && cluster.random().nextBoolean()) {
      promote(learners.iterator().next());
    } else if (cluster.membership().size() < MEMBERS_MAX) {
      add();
    }
  }

  private void add() {
    List<String> urls = cluster.nextUrls();
    boolean learner = cluster.random().nextBoolean();
    MemberId id = MemberIds.atRunTime(urls, ++seconds);
    client.propose(
        new MemberCommand.Add(id, urls, "", learner),
        reply -> {
          // Also when its fate is unknown: a member that waits for ever to be let in does no harm.
          if (!(reply instanceof SimulatedClient.Reply.NotDone<Outcome>)) {
            if (isDone(reply)) {
              cluster.tally().count(learner ? "learners added" : "voters added");
            }
            if (learner) {
              learners.add(id.value());
            }
            cluster.start(cluster.joinExisting(id));
          }
        });
  }

  private void promote(long id) {
    client.propose(
        new MemberCommand.Promote(new MemberId(id)),
        reply -> {
          if (isDone(reply)) {
            cluster.tally().count("learners promoted");
          }
          if (reply instanceof SimulatedClient.Reply.Done<Outcome>) {
            learners.remove(id);
          }
        });
  }

  /** Takes a member away for good. */
  void remove(SimulatedMember member) {
    client.propose(
        new MemberCommand.Remove(new MemberId(member.id())),
        reply -> {
          if (isDone(reply)) {
            learners.remove(member.id());
            cluster.tally().count("members removed");
            if (!member.isRunning()) {
              cluster.retire(member);
            }
          }
        });
  }

  void removeIfFree(SimulatedMember member) {
    if (!client.isBusy()) {
      remove(member);
    }
  }

  private static boolean isDone(SimulatedClient.Reply<Outcome> reply) {
    return reply instanceof SimulatedClient.Reply.Done<Outcome>(Outcome.Done done);
  }

  @Override
  public void judge() {
    // What it did is judged by everybody else.
  }
}
