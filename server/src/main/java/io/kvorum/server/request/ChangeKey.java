// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeCommand.Condition;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.consensus.Proposals.Applied;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Changes a v2 key: chooses the operation, fixes the deadline, proposes. */
public final class ChangeKey {
  private final Authorisation authorisation;
  private final Proposals proposals;
  private final ConsensusFacts facts;
  private final Clock clock;

  public ChangeKey(
      Authorisation authorisation, Proposals proposals, ConsensusFacts facts, Clock clock) {
    this.authorisation = authorisation;
    this.proposals = proposals;
    this.facts = facts;
    this.clock = clock;
  }

  /** Changes {@code key}. Callable from any thread; ends on the apply thread. */
  public CompletableFuture<Answer<KeyResult>> change(Caller caller, KeyName key, KeyChange change) {
    boolean recursive = change instanceof KeyChange.Remove remove && remove.recursive();
    return authorisation.ifPermitted(
        caller,
        new Access.WriteKey(key.asked(), recursive),
        () -> proposals.propose(command(key.path(), change)).handle(this::answer));
  }

  private Answer<KeyResult> answer(@Nullable Applied applied, @Nullable Throwable failed) {
    if (applied == null) {
      return Answer.failed(failed == null ? new IllegalStateException("no outcome") : failed);
    }
    return KeyAnswer.of(applied.outcome(), facts);
  }

  private TreeCommand command(Bytes path, KeyChange change) {
    return switch (change) {
      case KeyChange.Put put -> command(path, put);
      case KeyChange.Post post ->
          new TreeCommand.CreateInOrder(
              path, post.directory(), post.value(), deadline(post.timeToLive()));
      case KeyChange.Remove remove ->
          isGiven(remove.condition())
              ? new TreeCommand.CompareAndDelete(path, remove.condition())
              : new TreeCommand.Delete(path, remove.directory(), remove.recursive());
    };
  }

  /** Which operation a PUT is: recorded behaviour of etcd 2.3.7. */
  private TreeCommand command(Bytes path, KeyChange.Put put) {
    long deadline = deadline(put.timeToLive());
    if (put.mustExist().isPresent() && !put.mustExist().get()) {
      return new TreeCommand.Create(path, put.directory(), put.value(), deadline);
    }
    if (isGiven(put.condition())) {
      return new TreeCommand.CompareAndSwap(
          path, put.value(), put.condition(), deadline, put.refresh());
    }
    if (put.mustExist().isPresent()) {
      return new TreeCommand.Update(path, put.value(), deadline, put.refresh());
    }
    return new TreeCommand.Set(path, put.directory(), put.value(), deadline, put.refresh());
  }

  private static boolean isGiven(Condition condition) {
    return condition.index() != 0 || !condition.value().isEmpty();
  }

  private long deadline(Optional<TimeToLive> timeToLive) {
    return timeToLive.map(ttl -> ttl.deadline(clock.unixNanos())).orElse(0L);
  }
}
