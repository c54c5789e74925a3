// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last {@value #EVENTS_MAX} events of the whole tree, oldest first, as one moment saw them.
 * Immutable; indexes rise by one from event to event.
 *
 * <p>The slots of a view are never written again: the store appends behind them and moves to a
 * fresh array when one is full, so a view costs three numbers.
 */
public final class EventHistory {

  /** How many events are kept, those of cluster data and refreshes included. */
  public static final int EVENTS_MAX = 1000;

  private static final int SLOTS = 4 * EVENTS_MAX;

  private final @Nullable TreeEvent[] slots;
  private final int from;
  private final int to;

  private EventHistory(@Nullable TreeEvent[] slots, int from, int to) {
    this.slots = slots;
    this.from = from;
    this.to = to;
  }

  static EventHistory empty() {
    return new EventHistory(new @Nullable TreeEvent[SLOTS], 0, 0);
  }

  /** Of {@code events} in order, those that a store which had seen them all would still have. */
  static EventHistory of(List<TreeEvent> events) {
    EventHistory history = empty();
    for (TreeEvent event : events) {
      history = history.with(event);
    }
    return history;
  }

  /** Only ever called on the newest history, by the thread that owns the store. */
  EventHistory with(TreeEvent event) {
    EventHistory roomy = to < SLOTS ? this : moved();
    roomy.slots[roomy.to] = event;
    int oldest = Math.max(roomy.from, roomy.to + 1 - EVENTS_MAX);
    return new EventHistory(roomy.slots, oldest, roomy.to + 1);
  }

  private EventHistory moved() {
    @Nullable TreeEvent[] fresh = new @Nullable TreeEvent[SLOTS];
    System.arraycopy(slots, from, fresh, 0, to - from);
    return new EventHistory(fresh, 0, to - from);
  }

  public int size() {
    return to - from;
  }

  /** The index of the oldest event kept, 0 when there is none. */
  public long startIndex() {
    return size() == 0 ? 0 : at(from).index();
  }

  /** The index of the newest event, 0 when there is none. */
  public long lastIndex() {
    return size() == 0 ? 0 : at(to - 1).index();
  }

  /** The events with an index of {@code index} or more, oldest first. */
  public List<TreeEvent> since(long index) {
    List<TreeEvent> events = new ArrayList<>();
    for (int slot = slotOf(index); slot < to; slot++) {
      events.add(at(slot));
    }
    return events;
  }

  /**
   * The first event at or above {@code index} that a watch of {@code path} is told of when it looks
   * back. Source: recorded behaviour of etcd 2.3.7, but for a recursive watch of a file, which
   * there is never told (etcd 3.4 tells it).
   */
  public Optional<TreeEvent> firstMatch(Bytes path, boolean recursive, long index) {
    for (int slot = slotOf(index); slot < to; slot++) {
      if (matches(at(slot), path, recursive)) {
        return Optional.of(at(slot));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a watch that looks back is told of {@code event}. Unlike a live one it sees hidden
   * nodes, and a removed directory matches every path that its own path is a plain prefix of.
   */
  public static boolean matches(TreeEvent event, Bytes path, boolean recursive) {
    if (event.refresh()) {
      return false;
    }
    Bytes key = event.node().key();
    return key.equals(path)
        || (recursive && isBelow(key, path))
        || (removesDirectory(event) && path.startsWith(key));
  }

  private static boolean isBelow(Bytes key, Bytes path) {
    boolean root = path.length() == 1;
    return key.startsWith(path)
        && key.length() > path.length()
        && (root || key.at(path.length()) == '/');
  }

  private static boolean removesDirectory(TreeEvent event) {
    boolean removes = event.action() == Action.DELETE || event.action() == Action.EXPIRE;
    return removes && event.previous().map(NodeView::directory).orElse(false);
  }

  private int slotOf(long index) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(at(middle).index(), index) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private TreeEvent at(int slot) {
    return Objects.requireNonNull(slots[slot]);
  }
}
