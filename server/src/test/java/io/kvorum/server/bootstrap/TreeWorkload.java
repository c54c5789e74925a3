// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.tree.TreeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Clients put, read, swap and let expire some keys of the v2 tree. */
final class TreeWorkload implements Workload {

  private static final int CLIENTS = 4;
  private static final int KEYS = 3;
  private static final Bytes COUNTER = Bytes.utf8("/1/counter");

  private final SimulatedCluster cluster;
  private final RevisionHistory history = new RevisionHistory();
  private final List<SimulatedClient> clients = new ArrayList<>();
  private int values;
  private long swapped;
  private long perhapsSwapped;

  TreeWorkload(SimulatedCluster cluster) {
    this.cluster = cluster;
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new SimulatedClient(cluster));
    }
  }

  @Override
  public void step() {
    SimulatedClient client = clients.get(cluster.random().nextInt(CLIENTS));
    if (client.isBusy()) {
      return;
    }
    String key = "/1/register-" + cluster.random().nextInt(KEYS);
    switch (cluster.random().nextInt(6)) {
      case 0, 1 -> put(client, key);
      case 2, 3 -> read(client, key);
      case 4 -> client.read(member -> node(view(member), COUNTER), reply -> count(client, reply));
      default -> letExpire(client);
    }
  }

  private void put(SimulatedClient client, String key) {
    String value = "v" + values++;
    history.begin(key, value, now());
    client.propose(
        new TreeCommand.Set(Bytes.utf8(key), false, Bytes.utf8(value), 0, false),
        reply -> {
          if (reply
              instanceof SimulatedClient.Reply.Done<Outcome>(Outcome.TreeChanged(var event))) {
            cluster.tally().count("v2 writes acknowledged");
            history.wrote(value, event.node().modifiedIndex(), now());
          }
        });
  }

  private record Look(Optional<RevisionHistory.Seen> seen, long index) {}

  private static Look look(SimulatedMember.Running member, String key) {
    TreeView view = view(member);
    return new Look(node(view, Bytes.utf8(key)), view.index());
  }

  private void read(SimulatedClient client, String key) {
    long began = now();
    client.read(
        member -> look(member, key),
        reply -> {
          if (reply instanceof SimulatedClient.Reply.Done<Look>(var look)) {
            cluster.tally().count("v2 quorum reads");
            history.read(key, look.seen(), look.index(), began, now());
          }
        });
  }

  private static TreeView view(SimulatedMember.Running member) {
    return member.storage().stores().tree().view();
  }

  private static Optional<RevisionHistory.Seen> node(TreeView view, Bytes key) {
    return view.get(key, false, false) instanceof Outcome.TreeChanged(var event)
        ? Optional.of(
            new RevisionHistory.Seen(
                event.node().value().orElseThrow().utf8(), event.node().modifiedIndex()))
        : Optional.empty();
  }

  /** One more, if nobody was faster. */
  private void count(
      SimulatedClient client, SimulatedClient.Reply<Optional<RevisionHistory.Seen>> reply) {
    if (reply instanceof SimulatedClient.Reply.Done<Optional<RevisionHistory.Seen>>(var seen)) {
      Command command =
          seen.isEmpty()
              ? new TreeCommand.Create(COUNTER, false, Bytes.utf8("1"), 0)
              : new TreeCommand.CompareAndSwap(
                  COUNTER,
                  Bytes.utf8("" + (Long.parseLong(seen.get().value()) + 1)),
                  new TreeCommand.Condition(Bytes.EMPTY, seen.get().modRevision()),
                  0,
                  false);
      client.propose(
          command,
          swap -> {
            switch (swap) {
              case SimulatedClient.Reply.Done<Outcome>(Outcome.TreeChanged done) -> {
                swapped++;
                cluster.tally().count("v2 swaps done");
              }
              case SimulatedClient.Reply.Done<Outcome>(var refused) ->
                  cluster.tally().count("v2 swaps refused");
              case SimulatedClient.Reply.Unknown<Outcome>() -> perhapsSwapped++;
              case SimulatedClient.Reply.NotDone<Outcome>() -> {}
            }
          });
    }
  }

  private void letExpire(SimulatedClient client) {
    long deadline =
        cluster.world().unixNanos()
            + Duration.ofMillis(500 + cluster.random().nextInt(3000)).toNanos();
    client.propose(
        new TreeCommand.CreateInOrder(Bytes.utf8("/1/expiring"), false, Bytes.utf8("x"), deadline),
        reply -> {
          if (reply instanceof SimulatedClient.Reply.Done<Outcome>(Outcome.TreeChanged done)) {
            cluster.tally().count("v2 keys with a deadline");
          }
        });
  }

  private long now() {
    return cluster.world().monotonicNanos();
  }

  @Override
  public void judge() {
    for (SimulatedMember member : cluster.members()) {
      for (int i = 0; i < KEYS; i++) {
        String key = "/1/register-" + i;
        Look look = look(member.running(), key);
        history.read(key, look.seen(), look.index(), now(), now());
      }
      TreeView view = view(member.running());
      long counted = node(view, COUNTER).map(seen -> Long.parseLong(seen.value())).orElse(0L);
      if (counted < swapped || counted > swapped + perhapsSwapped) {
        throw new AssertionError(
            "counter %d, %d swaps acknowledged, %d of unknown fate"
                .formatted(counted, swapped, perhapsSwapped));
      }
      if (view.get(Bytes.utf8("/1/expiring"), true, false) instanceof Outcome.TreeChanged(var event)
          && !event.node().children().isEmpty()) {
        throw new AssertionError("keys outlived their deadlines: " + event);
      }
    }
    history.judge();
  }
}
