// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.V3Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Clients put and read a few keys of the v3 keyspace. */
final class RegisterWorkload implements Workload {

  private static final int CLIENTS = 6;
  private static final int KEYS = 4;

  private final SimulatedCluster cluster;
  private final RevisionHistory history = new RevisionHistory();
  private final List<SimulatedClient> clients = new ArrayList<>();
  private int values;

  RegisterWorkload(SimulatedCluster cluster) {
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
    String key = "register-" + cluster.random().nextInt(KEYS);
    if (cluster.random().nextBoolean()) {
      put(client, key);
    } else {
      read(client, key);
    }
  }

  private void put(SimulatedClient client, String key) {
    String value = "v" + values++;
    history.begin(key, value, now());
    client.propose(
        V3Request.of(new Put(Bytes.utf8(key), Bytes.utf8(value))),
        reply -> {
          switch (reply) {
            case SimulatedClient.Reply.Done<Outcome>(
                    Outcome.Keyspace(KeyspaceResult.Put(var revision, var previous))) -> {
              cluster.tally().count("v3 writes acknowledged");
              history.wrote(value, revision, now());
            }
            case SimulatedClient.Reply.Done<Outcome>(var outcome) ->
                throw new AssertionError("a put came to " + outcome);
            case SimulatedClient.Reply.Unknown<Outcome>() ->
                cluster.tally().count("v3 writes of unknown fate");
            case SimulatedClient.Reply.NotDone<Outcome>() ->
                cluster.tally().count("v3 writes not done");
          }
        });
  }

  private void read(SimulatedClient client, String key) {
    long began = now();
    client.read(
        member ->
            member
                .storage()
                .stores()
                .keyspace()
                .read(view -> view.range(RangeQuery.of(Bytes.utf8(key), Bytes.EMPTY))),
        reply -> {
          if (reply
              instanceof
              SimulatedClient.Reply.Done<Outcome>(
                  Outcome.Keyspace(
                      KeyspaceResult.Range(var revision, var found, var more, var count)))) {
            cluster.tally().count("v3 linearizable reads");
            history.read(
                key,
                found.stream().findFirst().map(RegisterWorkload::seen),
                revision,
                began,
                now());
          }
        });
  }

  private static RevisionHistory.Seen seen(KeyValue found) {
    return new RevisionHistory.Seen(found.value().utf8(), found.modRevision());
  }

  private long now() {
    return cluster.world().monotonicNanos();
  }

  @Override
  public void judge() {
    for (SimulatedMember member : cluster.members()) {
      for (int i = 0; i < KEYS; i++) {
        String key = "register-" + i;
        Outcome outcome =
            member
                .running()
                .storage()
                .stores()
                .keyspace()
                .read(view -> view.range(RangeQuery.of(Bytes.utf8(key), Bytes.EMPTY)));
        if (outcome
            instanceof
            Outcome.Keyspace(KeyspaceResult.Range(var revision, var found, var more, var count))) {
          Optional<RevisionHistory.Seen> seen =
              found.stream().findFirst().map(RegisterWorkload::seen);
          history.read(key, seen, revision, now(), now());
        }
      }
    }
    history.judge();
  }
}
