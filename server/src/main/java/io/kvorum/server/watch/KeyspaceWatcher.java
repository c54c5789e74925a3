// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.server.command.WatchQuery;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One watcher: what it wants, and how far it is. Owned by its stream's thread; only {@link #wake}
 * is called by the apply thread.
 *
 * <pre>
 *   cursor  first revision that it has not been told of
 *   behind  a piece of the past is being read for it; until that is there, it is left alone
 *   quiet   nothing was told since progress was last looked at
 * </pre>
 */
final class KeyspaceWatcher {

  private final long number;
  private final long id;
  private final WatchQuery query;
  private final Topic topic;
  private final WatchStream stream;
  private final AtomicBoolean queued = new AtomicBoolean();
  private long cursor;
  private boolean behind;
  private boolean quiet = true;
  private boolean gone;

  /**
   * @param number of this member's watchers
   * @param id in its stream
   */
  KeyspaceWatcher(
      long number, long id, WatchQuery query, long cursor, Topic topic, WatchStream stream) {
    this.number = number;
    this.id = id;
    this.query = query;
    this.topic = topic;
    this.stream = stream;
    this.cursor = cursor;
  }

  /** There may be something to tell. Any thread. */
  void wake() {
    if (queued.compareAndSet(false, true)) {
      stream.enqueue(this);
    }
  }

  /** Whatever happens from now on wakes it again. */
  void dequeued() {
    queued.set(false);
  }

  long number() {
    return number;
  }

  long id() {
    return id;
  }

  WatchQuery query() {
    return query;
  }

  Topic topic() {
    return topic;
  }

  long cursor() {
    return cursor;
  }

  void moveTo(long next) {
    cursor = next;
  }

  boolean isBehind() {
    return behind;
  }

  void setBehind(boolean reading) {
    behind = reading;
  }

  void told() {
    quiet = false;
  }

  /** Whether nothing was told since the last call. */
  boolean takeQuiet() {
    boolean was = quiet;
    quiet = true;
    return was;
  }

  boolean isGone() {
    return gone;
  }

  void leave() {
    gone = true;
  }
}
