// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.command.Command;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.consensus.ConsensusFailure;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client with one request at a time, each at a member of its choice. When that member dies, the
 * request's fate is unknown.
 */
final class SimulatedClient implements SimulatedCluster.Mourner {

  /** What a client learns of its request. */
  sealed interface Reply<T> {

    record Done<T>(T value) implements Reply<T> {}

    /** It was not carried out and never will be. */
    record NotDone<T>() implements Reply<T> {}

    /** It may have been carried out, or may be yet. */
    record Unknown<T>() implements Reply<T> {}
  }

  private record Pending(SimulatedMember.Running member, Runnable lost) {}

  private final SimulatedCluster cluster;
  private @Nullable Pending pending;

  SimulatedClient(SimulatedCluster cluster) {
    this.cluster = cluster;
    cluster.mourn(this);
  }

  boolean isBusy() {
    return pending != null;
  }

  /** Proposes at any member; nothing happens when that one is down. */
  void propose(Command command, Consumer<Reply<Outcome>> then) {
    SimulatedMember member = cluster.any();
    if (member.isRunning()) {
      Pending mine = begin(member, () -> then.accept(new Reply.Unknown<>()));
      mine.member()
          .consensus()
          .proposals()
          .propose(command)
          .whenComplete(
              (applied, failure) ->
                  finish(
                      mine,
                      () ->
                          then.accept(
                              failure == null
                                  ? new Reply.Done<>(applied.outcome())
                                  : lost(failure))));
    }
  }

  /** Reads at any member, linearizably. */
  <T> void read(Function<SimulatedMember.Running, T> reading, Consumer<Reply<T>> then) {
    SimulatedMember member = cluster.any();
    if (member.isRunning()) {
      Pending mine = begin(member, () -> then.accept(new Reply.NotDone<>()));
      mine.member()
          .consensus()
          .readBarrier()
          .await()
          .whenComplete(
              (nothing, failure) ->
                  finish(
                      mine,
                      () ->
                          then.accept(
                              failure == null
                                  ? new Reply.Done<>(reading.apply(mine.member()))
                                  : new Reply.NotDone<>())));
    }
  }

  private Pending begin(SimulatedMember member, Runnable lost) {
    Pending mine = new Pending(member.running(), lost);
    pending = mine;
    return mine;
  }

  /** In an event of its own: what a future's continuation throws would be lost. */
  private void finish(Pending mine, Runnable work) {
    cluster
        .world()
        .after(
            0,
            () -> {
              if (pending == mine) {
                pending = null;
                work.run();
              }
            });
  }

  private static <T> Reply<T> lost(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped
            ? Optional.ofNullable(wrapped.getCause()).orElse(wrapped)
            : failure;
    return cause instanceof ConsensusFailure known && !known.mayHaveHappened()
        ? new Reply.NotDone<>()
        : new Reply.Unknown<>();
  }

  @Override
  public void gone(SimulatedMember.Running incarnation) {
    Pending mine = pending;
    if (mine != null && mine.member() == incarnation) {
      pending = null;
      mine.lost().run();
    }
  }
}
