// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.consensus.ConsensusFacts;
import java.util.concurrent.CompletableFuture;

/** Watches a v2 key: waits for its next event, or follows all of them. */
public final class WatchKey {
  private final Authorisation authorisation;
  private final KeyWaits waits;
  private final ConsensusFacts facts;

  public WatchKey(Authorisation authorisation, KeyWaits waits, ConsensusFacts facts) {
    this.authorisation = authorisation;
    this.waits = waits;
    this.facts = facts;
  }

  /**
   * What to watch.
   *
   * @param stream every event instead of one
   * @param index the first index that counts, 0 for what comes next
   */
  public record What(KeyName key, boolean recursive, boolean stream, long index) {}

  /** A watch that runs, and how far this member was when it began. */
  public record Started(KeyEvents events, RaftPosition position) {}

  /**
   * Begins to watch.
   *
   * @param ready called from any thread, perhaps before this returns, when there may be something
   *     to take; must be quick
   */
  public CompletableFuture<Answer<Started>> watch(Caller caller, What what, Runnable ready) {
    return authorisation.ifPermitted(
        caller,
        new Access.ReadKey(what.key().asked(), what.recursive()),
        () -> Answer.now(begin(what, ready)));
  }

  private Answer<Started> begin(What what, Runnable ready) {
    return switch (waits.watch(
        what.key().path(), what.recursive(), what.stream(), what.index(), ready)) {
      case KeyWaits.Begun(var events) ->
          new Answer.Done<>(new Started(events, RaftPosition.of(facts)));
      case KeyWaits.Refused(var refusal) -> new Answer.Refused<>(refusal);
    };
  }
}
