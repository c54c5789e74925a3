// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.V3Request;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients move money between accounts with transactions, read all accounts now and then as they are
 * and as they were, and forget history: the sum is the same at every revision, and each
 * acknowledged move happened once.
 */
final class TransferWorkload implements Workload {

  private static final int CLIENTS = 4;
  private static final int ACCOUNTS = 5;
  private static final long SUM = 500;
  private static final Bytes FROM = Bytes.utf8("account-0");
  private static final Bytes END = Bytes.utf8("account-9");
  private static final Bytes MOVES = Bytes.utf8("accounts-moves");

  private final SimulatedCluster cluster;
  private final List<SimulatedClient> clients = new ArrayList<>();
  private long acknowledged;
  private long unknown;
  private boolean opened;

  TransferWorkload(SimulatedCluster cluster) {
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
    if (!opened) {
      open(client);
    } else {
      client.read(TransferWorkload::accounts, reply -> look(client, reply));
    }
  }

  private void open(SimulatedClient client) {
    List<Operation> puts = new ArrayList<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      puts.add(new Put(Bytes.utf8("account-" + i), Bytes.utf8("" + SUM / ACCOUNTS)));
    }
    puts.add(new Put(MOVES, Bytes.utf8("0")));
    Compare absent = Compare.number(FROM, Compare.Target.VERSION, Compare.Relation.EQUAL, 0);
    client.propose(
        V3Request.of(new Txn(List.of(absent), puts, List.of())),
        reply -> opened |= reply instanceof SimulatedClient.Reply.Done<Outcome>);
  }

  private static List<KeyValue> accounts(SimulatedMember.Running member) {
    return found(member, 0);
  }

  private static List<KeyValue> found(SimulatedMember.Running member, long revision) {
    RangeQuery now = RangeQuery.of(FROM, END);
    RangeQuery query =
        new RangeQuery(
            FROM, END, 0, revision, now.order(), now.target(), false, false, false, now.bounds());
    return switch (member.storage().stores().keyspace().read(view -> view.range(query))) {
      case Outcome.Keyspace(KeyspaceResult.Range(var at, var found, var more, var count)) -> found;
      case Outcome.Refused(Refusal.Keyspace(var reason))
          when reason == Refusal.Keyspace.Reason.COMPACTED ->
          List.of();
      case Outcome other -> throw new AssertionError("a read came to " + other);
    };
  }

  private void look(SimulatedClient client, SimulatedClient.Reply<List<KeyValue>> reply) {
    if (reply instanceof SimulatedClient.Reply.Done<List<KeyValue>>(var found)) {
      if (found.isEmpty()) {
        return;
      }
      requireSum(found);
      cluster.tally().count("sums of accounts looked at");
      switch (cluster.random().nextInt(8)) {
        case 0 -> lookBack(client, found);
        case 1 -> compact(client, found);
        default -> move(client, found);
      }
    }
  }

  private void move(SimulatedClient client, List<KeyValue> found) {
    int from = cluster.random().nextInt(ACCOUNTS);
    int to = (from + 1 + cluster.random().nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    long amount = 1 + cluster.random().nextInt(20);
    client.propose(
        V3Request.of(
            new Txn(
                List.of(unchanged(found.get(from)), unchanged(found.get(to))),
                List.of(with(found.get(from), -amount), with(found.get(to), amount), counted()),
                List.of())),
        moved -> {
          switch (moved) {
            case SimulatedClient.Reply.Done<Outcome>(
                    Outcome.Keyspace(
                        KeyspaceResult.Txn(var revision, var succeeded, var results))) -> {
              acknowledged += succeeded ? 1 : 0;
              cluster.tally().count(succeeded ? "transfers done" : "transfers refused");
            }
            case SimulatedClient.Reply.Done<Outcome>(var other) ->
                throw new AssertionError("a transaction came to " + other);
            case SimulatedClient.Reply.Unknown<Outcome>() -> unknown++;
            case SimulatedClient.Reply.NotDone<Outcome>() ->
                cluster.tally().count("transfers not done");
          }
        });
  }

  /** A key whose version counts the moves. */
  private static Put counted() {
    return new Put(MOVES, Bytes.utf8("1"));
  }

  private static Compare unchanged(KeyValue account) {
    return Compare.number(
        account.key(), Compare.Target.MOD_REVISION, Compare.Relation.EQUAL, account.modRevision());
  }

  private static Put with(KeyValue account, long change) {
    return new Put(account.key(), Bytes.utf8("" + (money(account) + change)));
  }

  private static long money(KeyValue account) {
    return Long.parseLong(account.value().utf8());
  }

  private void lookBack(SimulatedClient client, List<KeyValue> found) {
    long newest = found.stream().mapToLong(KeyValue::modRevision).max().orElseThrow();
    long back = Math.max(1, newest - cluster.random().nextInt(200));
    client.read(
        member -> found(member, back),
        reply -> {
          if (reply instanceof SimulatedClient.Reply.Done<List<KeyValue>>(var then)
              && !then.isEmpty()) {
            cluster.tally().count("sums of the past looked at");
            requireSum(then);
          }
        });
  }

  private void compact(SimulatedClient client, List<KeyValue> found) {
    long newest = found.stream().mapToLong(KeyValue::modRevision).max().orElseThrow();
    long upTo = newest - cluster.random().nextInt(100);
    client.propose(
        V3Request.of(new Compact(upTo, false)),
        reply -> {
          if (reply instanceof SimulatedClient.Reply.Done<Outcome>(Outcome.Keyspace done)) {
            cluster.tally().count("compactions");
          }
        });
  }

  private static void requireSum(List<KeyValue> found) {
    long sum = found.stream().mapToLong(TransferWorkload::money).sum();
    if (found.size() != ACCOUNTS || sum != SUM) {
      throw new AssertionError("money appeared or vanished: " + found);
    }
  }

  @Override
  public void judge() {
    for (SimulatedMember member : cluster.members()) {
      requireSum(accounts(member.running()));
      long moves = moves(member.running());
      if (moves < acknowledged || moves > acknowledged + unknown) {
        throw new AssertionError(
            "%d moves, %d acknowledged, %d of unknown fate"
                .formatted(moves, acknowledged, unknown));
      }
    }
  }

  private static long moves(SimulatedMember.Running member) {
    Outcome outcome =
        member
            .storage()
            .stores()
            .keyspace()
            .read(view -> view.range(RangeQuery.of(MOVES, Bytes.EMPTY)));
    return outcome
            instanceof
            Outcome.Keyspace(KeyspaceResult.Range(var at, var found, var more, var count))
        ? found.getFirst().version() - 1
        : -1;
  }
}
