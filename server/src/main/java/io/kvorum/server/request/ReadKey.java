// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.ReadBarrier;
import java.util.concurrent.CompletableFuture;

/** Reads a v2 key: from this member's state, or linearizably when asked to. */
public final class ReadKey {
  private final Authorisation authorisation;
  private final KeySpace keys;
  private final ReadBarrier barrier;
  private final ConsensusFacts facts;

  public ReadKey(
      Authorisation authorisation, KeySpace keys, ReadBarrier barrier, ConsensusFacts facts) {
    this.authorisation = authorisation;
    this.keys = keys;
    this.barrier = barrier;
    this.facts = facts;
  }

  /** How to read: the whole subtree, in order, through a quorum. */
  public record How(boolean recursive, boolean sorted, boolean quorum) {}

  /** Reads {@code key}. Callable from any thread. */
  public CompletableFuture<Answer<KeyResult>> read(Caller caller, KeyName key, How how) {
    return authorisation.ifPermitted(
        caller,
        new Access.ReadKey(key.asked(), how.recursive()),
        () -> how.quorum() ? afterBarrier(key, how) : Answer.now(look(key, how)));
  }

  private CompletableFuture<Answer<KeyResult>> afterBarrier(KeyName key, How how) {
    return barrier
        .await()
        .handle((nothing, failed) -> failed == null ? look(key, how) : Answer.failed(failed));
  }

  private Answer<KeyResult> look(KeyName key, How how) {
    return KeyAnswer.of(keys.get(key.path(), how.recursive(), how.sorted()), facts);
  }
}
