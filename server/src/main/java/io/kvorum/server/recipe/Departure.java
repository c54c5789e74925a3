// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.command.WatchQuery;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.WatchKeyspace;
import io.kvorum.server.request.Watching;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Waits until one key may have been deleted. Owned by the call's thread. */
final class Departure implements WatchKeyspace.Client {

  private final Executor where;
  private final Watching watching;
  private final CompletableFuture<Answer<Boolean>> gone = new CompletableFuture<>();

  private Departure(WatchKeyspace watches, Caller caller, Executor where) {
    this.where = where;
    watching = watches.open(caller, this);
  }

  /**
   * Begins to wait for a deletion of {@code key} at {@code revision} or later. To be called on the
   * thread of {@code where}, and so is what this returns.
   */
  static Departure of(
      WatchKeyspace watches, Caller caller, Bytes key, long revision, Executor where) {
    Departure departure = new Departure(watches, caller, where);
    departure.watching.create(
        new WatchQuery(key, Bytes.EMPTY, revision, false, true, false, false, 0, false));
    return departure;
  }

  /** Ends once the key is worth another look, on the call's thread. */
  CompletableFuture<Answer<Boolean>> gone() {
    return gone;
  }

  /** Waits no longer; {@link #gone} ends as well. */
  void giveUp() {
    end(new Answer.Done<>(false));
  }

  private void end(Answer<Boolean> answer) {
    watching.close();
    gone.complete(answer);
  }

  @Override
  public void tell(WatchNotice notice) {
    switch (notice) {
      case WatchNotice.Happened happened -> end(new Answer.Done<>(true));
      // What was to be watched is history that is gone: a look at the present tells.
      case WatchNotice.Compacted compacted -> end(new Answer.Done<>(true));
      case WatchNotice.Refused refused ->
          end(new Answer.Failed<>("etcdserver: too many requests", false));
      case WatchNotice.Created created -> {}
      case WatchNotice.Cancelled cancelled -> {}
      case WatchNotice.Progress progress -> {}
    }
  }

  @Override
  public void deny(Answer<?> why, long revision) {
    end(Answer.notDone(why));
  }

  @Override
  public void overwhelm() {}

  @Override
  public void listen(boolean more) {}

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void later(Runnable work) {
    where.execute(work);
  }
}
