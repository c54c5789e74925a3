// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.tree.EventHistory;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * One watcher's queue. {@link TreeWatches} fills it inside its critical section, the client's side
 * empties it; each method is atomic and calls nobody while it is.
 */
final class TreeWatcher implements Subscription {

  /** What a client asked for. */
  record Interest(Bytes path, boolean recursive, boolean stream, long since) {}

  private final Interest interest;
  private final long startIndex;
  private final TreeWatches.Listener listener;
  private final Consumer<TreeWatcher> leave;
  private final Queue<TreeEvent> pending = new ArrayDeque<>(2);
  private int pendingMax = TreeWatches.PENDING_MAX;
  private boolean complete;

  TreeWatcher(
      Interest interest,
      long startIndex,
      TreeWatches.Listener listener,
      Consumer<TreeWatcher> leave) {
    this.interest = interest;
    this.startIndex = startIndex;
    this.listener = listener;
    this.leave = leave;
  }

  Interest interest() {
    return interest;
  }

  /** Takes what {@code history} knows; being bounded itself it does not count against the queue. */
  synchronized void lookBack(EventHistory history, long from) {
    Optional<TreeEvent> match = history.firstMatch(interest.path(), interest.recursive(), from);
    while (match.isPresent() && !complete) {
      pending.add(match.get());
      pendingMax = Math.max(pendingMax, pending.size() + TreeWatches.PENDING_MAX);
      complete = !interest.stream();
      match = history.firstMatch(interest.path(), interest.recursive(), match.get().index() + 1);
    }
  }

  /** Takes a live event, or ends the stream when too many wait already. */
  synchronized void offer(TreeEvent event) {
    if (complete || pending.size() >= pendingMax) {
      complete = true;
      return;
    }
    pending.add(event);
    complete = !interest.stream();
  }

  /** Nothing more will be offered. */
  synchronized void complete() {
    complete = true;
  }

  synchronized boolean isComplete() {
    return complete;
  }

  void wake() {
    listener.ready();
  }

  @Override
  public synchronized Optional<TreeEvent> poll() {
    return Optional.ofNullable(pending.poll());
  }

  @Override
  public synchronized boolean hasEnded() {
    return complete && pending.isEmpty();
  }

  @Override
  public long startIndex() {
    return startIndex;
  }

  @Override
  public void close() {
    synchronized (this) {
      complete = true;
      pending.clear();
    }
    leave.accept(this);
  }
}
