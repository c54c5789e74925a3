// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import io.kvorum.server.tree.EventHistory;
import io.kvorum.server.tree.TreeView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The waits of the v2 API: who wants to hear of which path, and who is told what.
 *
 * <p>Problem: a watcher must see each event that concerns it once and in order, whether it lies in
 * the history or is yet to come; ten thousand watchers of other paths must cost a write nothing; a
 * reader that does not keep up must not hold memory or others.
 *
 * <p>Idea: one short critical section decides. In it a new watcher takes the last published view,
 * searches its history and is entered by path; in it {@link #publish} takes the new view and puts
 * events into the queues of those they concern. So between the two there is neither a gap nor an
 * overlap. Listeners are called outside of it, and only learn that there is something to {@link
 * Subscription#poll}.
 *
 * <p>Which events concern whom: recorded behaviour of etcd 2.3.7, with two departures, both endless
 * waits there: a recursive watch of a file finds it in the history, and a stream that starts in the
 * history goes on behind its first event.
 */
public final class TreeWatches {

  /** How many live events a watcher may leave waiting before its stream is ended. */
  public static final int PENDING_MAX = 100;

  /** How a watch began. */
  public sealed interface Start {

    record Watching(Subscription subscription) implements Start {}

    /** The history no longer reaches back to the asked index. */
    record Refused(Refusal.Tree refusal) implements Start {}
  }

  /** Called when there may be something to poll, on any thread, never under a lock. Be quick. */
  @FunctionalInterface
  public interface Listener {
    void ready();
  }

  private final Object lock = new Object();
  private final NavigableMap<Bytes, Set<TreeWatcher>> watchersByPath = new TreeMap<>();
  private TreeView current;
  private int count;

  /** Starts with what {@code view} shows. */
  public TreeWatches(TreeView view) {
    current = view;
  }

  /**
   * Begins a watch of {@code path}, which need not exist. Any thread.
   *
   * @param recursive also tell of what happens below
   * @param stream tell of every event; otherwise of the first one only
   * @param waitIndex the lowest index of interest; 0 for what happens from now on
   */
  public Start watch(
      Bytes path, boolean recursive, boolean stream, long waitIndex, Listener listener) {
    synchronized (lock) {
      TreeView view = current;
      long since = waitIndex == 0 ? view.index() + 1 : waitIndex;
      if (Long.compareUnsigned(since, view.history().startIndex()) < 0) {
        return new Start.Refused(cleared(view, since));
      }
      TreeWatcher watcher =
          new TreeWatcher(
              new TreeWatcher.Interest(path.compact(), recursive, stream, since),
              view.index(),
              listener,
              this::leaveLocked);
      watcher.lookBack(view.history(), since);
      if (!watcher.isComplete()) {
        watchersByPath.computeIfAbsent(path.compact(), key -> new LinkedHashSet<>()).add(watcher);
        count++;
      }
      return new Start.Watching(watcher);
    }
  }

  /**
   * Tells the watchers of a round's events. Called by the apply thread, after the round is visible
   * and before its commands are answered: who saw an answer must not be told of it by a watch begun
   * later.
   */
  public void publish(List<TreeEvent> events, TreeView view) {
    Set<TreeWatcher> told = new LinkedHashSet<>();
    synchronized (lock) {
      current = view;
      if (count > 0) {
        events.forEach(event -> dispatch(event, view, told));
      }
    }
    wake(told);
  }

  /**
   * Goes on from {@code view}, which took the place of the whole tree. Watchers are told of what
   * they missed as far as the history knows it; where it does not, their streams end.
   */
  public void reset(TreeView view) {
    List<TreeWatcher> told = new ArrayList<>();
    synchronized (lock) {
      long next = current.index() + 1;
      current = view;
      watchersByPath.values().forEach(told::addAll);
      for (TreeWatcher watcher : told) {
        long from = Math.max(watcher.interest().since(), next);
        if (knows(view, from)) {
          watcher.lookBack(view.history(), from);
        } else {
          watcher.complete();
        }
        if (watcher.isComplete()) {
          leave(watcher);
        }
      }
    }
    wake(told);
  }

  /** How many watchers wait, as {@code /v2/stats/store} counts them. Any thread. */
  public int count() {
    synchronized (lock) {
      return count;
    }
  }

  private static boolean knows(TreeView view, long since) {
    EventHistory history = view.history();
    return since > view.index() || (history.size() > 0 && since >= history.startIndex());
  }

  private static Refusal.Tree cleared(TreeView view, long since) {
    String cause =
        "the requested history has been cleared ["
            + Long.toUnsignedString(view.history().startIndex())
            + "/"
            + Long.toUnsignedString(since)
            + "]";
    return new Refusal.Tree(Refusal.Tree.Code.EVENT_INDEX_CLEARED, Bytes.utf8(cause), view.index());
  }

  private static void wake(Collection<TreeWatcher> told) {
    told.forEach(TreeWatcher::wake);
  }

  private void leaveLocked(TreeWatcher watcher) {
    synchronized (lock) {
      leave(watcher);
    }
  }

  // --- under the lock ---

  private void leave(TreeWatcher watcher) {
    Bytes path = watcher.interest().path();
    Set<TreeWatcher> watchers = watchersByPath.get(path);
    if (watchers != null && watchers.remove(watcher)) {
      count--;
      if (watchers.isEmpty()) {
        watchersByPath.remove(path);
      }
    }
  }

  private void dispatch(TreeEvent event, TreeView view, Set<TreeWatcher> told) {
    if (event.refresh()) {
      return;
    }
    Bytes key = event.node().key();
    if (removes(event.action())) {
      if (event.previous().map(NodeView::directory).orElse(false)) {
        tellBelow(event, view, told);
      }
      // A stream on exactly this key is told here and once more below: so does 2.3.7.
      tell(event, key, told);
    }
    tell(event, StorePath.ROOT, told);
    int at = 1;
    while (at < key.length()) {
      int end = StorePath.endOfPart(key, at);
      tell(event, key.slice(0, end), told);
      at = end + 1;
    }
  }

  /** Watchers of what went with a directory, if it really was there. */
  private void tellBelow(TreeEvent event, TreeView view, Set<TreeWatcher> told) {
    Bytes key = event.node().key();
    Bytes from = key.concat(Bytes.utf8("/"));
    Bytes to = key.concat(Bytes.utf8("0")); // the next byte after a slash
    for (Map.Entry<Bytes, Set<TreeWatcher>> entry :
        List.copyOf(watchersByPath.subMap(from, to).entrySet())) {
      if (view.removedWith(event.index(), key, entry.getKey())) {
        for (TreeWatcher watcher : List.copyOf(entry.getValue())) {
          offer(watcher, event, told);
        }
      }
    }
  }

  private void tell(TreeEvent event, Bytes path, Set<TreeWatcher> told) {
    Set<TreeWatcher> watchers = watchersByPath.get(path);
    if (watchers == null) {
      return;
    }
    Bytes key = event.node().key();
    boolean exact = path.length() == key.length();
    if (!exact && isHiddenBelow(path, key)) {
      return;
    }
    for (TreeWatcher watcher : List.copyOf(watchers)) {
      if (exact || watcher.interest().recursive()) {
        offer(watcher, event, told);
      }
    }
  }

  private void offer(TreeWatcher watcher, TreeEvent event, Set<TreeWatcher> told) {
    if (Long.compareUnsigned(event.index(), watcher.interest().since()) < 0) {
      return;
    }
    watcher.offer(event);
    told.add(watcher);
    if (watcher.isComplete()) {
      leave(watcher);
    }
  }

  /** Whether a part of {@code key} below {@code path} starts with an underscore. */
  private static boolean isHiddenBelow(Bytes path, Bytes key) {
    int slash = key.indexOf('/', path.length() == 1 ? 0 : path.length());
    while (slash >= 0) {
      if (slash + 1 < key.length() && key.at(slash + 1) == '_') {
        return true;
      }
      slash = key.indexOf('/', slash + 1);
    }
    return false;
  }

  private static boolean removes(Action action) {
    return switch (action) {
      case DELETE, COMPARE_AND_DELETE, EXPIRE -> true;
      case GET, SET, CREATE, UPDATE, COMPARE_AND_SWAP -> false;
    };
  }
}
