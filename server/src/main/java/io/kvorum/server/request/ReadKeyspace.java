// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.mvcc.KeyspaceView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Reads the v3 keyspace: linearizably, or from this member's state when asked to. */
public final class ReadKeyspace {
  private final KeyspaceAccess access;
  private final KeyspaceReading keyspace;
  private final ReadBarrier barrier;
  private final KeyspaceLimits limits;

  public ReadKeyspace(
      KeyspaceAccess access, KeyspaceReading keyspace, ReadBarrier barrier, KeyspaceLimits limits) {
    this.limits = limits;
    this.access = access;
    this.keyspace = keyspace;
    this.barrier = barrier;
  }

  /**
   * Reads what {@code query} asks for. Callable from any thread.
   *
   * @param where runs the reading and ends the future: neither raft's nor apply's thread
   */
  public CompletableFuture<Answer<KeyspaceResult>> range(
      Caller caller, RangeQuery query, Executor where) {
    return read(caller, query, query.serializable(), view -> view.range(query), where);
  }

  /** Carries out a transaction in which nothing writes, as {@link #range} does. */
  CompletableFuture<Answer<KeyspaceResult>> txn(Caller caller, Txn txn, Executor where) {
    return read(caller, txn, Soundness.isSerializable(txn), view -> view.txn(txn), where);
  }

  private CompletableFuture<Answer<KeyspaceResult>> read(
      Caller caller,
      Operation operation,
      boolean serializable,
      Function<KeyspaceView, Outcome> reading,
      Executor where) {
    return KeyspaceAnswers.ifSound(
        operation,
        limits,
        () ->
            KeyspaceAccess.asAdmitted(
                () -> {
                  Object moment = access.moment();
                  return Answer.map(access.admit(caller, operation), requester -> moment);
                },
                moment ->
                    serializable
                        ? CompletableFuture.supplyAsync(() -> look(moment, reading), where)
                        : barrier
                            .await()
                            .handleAsync(
                                (nothing, failed) ->
                                    failed == null ? look(moment, reading) : Answer.failed(failed),
                                where)));
  }

  /** What was permitted before users or roles changed must not be told after. */
  private Answer<KeyspaceResult> look(Object moment, Function<KeyspaceView, Outcome> reading) {
    Answer<KeyspaceResult> answer = KeyspaceAnswers.of(keyspace.read(reading));
    return access.moment() == moment ? answer : KeyspaceAccess.overtaken();
  }
}
