// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * Watchers of both forms on everything, and a stream on one key that comes and goes; in the end
 * none may have missed an event, but for what error 401 announced, nor seen one twice.
 */
final class Watchers implements AutoCloseable {
  /** So many writes the watcher that pauses lets pass; more than the history holds. */
  static final int REST = 1300;

  private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

  private final List<Watcher> ofEverything = new ArrayList<>();
  private final Watcher ofOneKey;
  private final long first;
  private volatile boolean judging;

  /** They see all from now on. */
  Watchers(List<Member> members, Random random) {
    long next = Long.parseLong(TreeComparison.index(members.get(0))) + 1;
    for (int i = 1; i <= 2; i++) {
      for (Watcher.Form form : Watcher.Form.values()) {
        String name = "watcher-%s-%d".formatted(form, i);
        ofEverything.add(new Watcher(name, "/", form, members, next, random.nextLong(), () -> {}));
      }
    }
    first = next;
    ofOneKey =
        new Watcher(
            "watcher-one-key",
            FlipLoad.KEY,
            Watcher.Form.STREAM,
            members,
            next,
            random.nextLong(),
            () -> {});
  }

  /**
   * One more watcher, that lets many writes pass between two looks until it is judged.
   *
   * @param writes how many writes are done
   */
  void addOneThatPauses(List<Member> members, Random random, IntSupplier writes) {
    Runnable rest =
        () -> {
          int before = writes.getAsInt();
          Await.until(PAUSE_MAX, () -> judging || writes.getAsInt() > before + REST);
        };
    ofEverything.add(
        new Watcher(
            "watcher-that-pauses",
            "/",
            Watcher.Form.POLL,
            members,
            first,
            random.nextLong(),
            rest));
  }

  private List<Watcher> all() {
    List<Watcher> all = new ArrayList<>(ofEverything);
    all.add(ofOneKey);
    return all;
  }

  /**
   * Waits until all have come to the last event, then judges.
   *
   * @param written what the tree holds now: none of it was written twice or deleted
   * @param flips the acknowledged events of the key that comes and goes, in order
   */
  void check(String run, Map<String, WriteLoad.Acknowledged> written, List<Watcher.Event> flips) {
    judging = true;
    long last = written.values().stream().mapToLong(WriteLoad.Acknowledged::index).max().orElse(0);
    ofEverything.forEach(watcher -> watcher.awaitIndex(last));
    ofOneKey.awaitIndex(flips.getLast().index());
    close();
    Map<Long, Watcher.Event> expected = new TreeMap<>();
    written.forEach(
        (key, write) ->
            expected.put(
                write.index(), new Watcher.Event(write.index(), "set", key, write.value())));
    flips.forEach(event -> expected.put(event.index(), event));
    expected.keySet().removeIf(index -> index < first);
    for (Watcher watcher : ofEverything) {
      requireIncreasing(run, watcher);
      // what a failed request did after all is in no list, but in what others saw
      watcher.events().stream()
          .filter(event -> event.key().equals(FlipLoad.KEY))
          .forEach(event -> expected.putIfAbsent(event.index(), event));
    }
    ofEverything.forEach(watcher -> requireComplete(run, watcher, expected));
    requireIncreasing(run, ofOneKey);
    expected.values().removeIf(event -> !event.key().equals(FlipLoad.KEY));
    requireComplete(run, ofOneKey, expected);
  }

  private static void requireComplete(
      String run, Watcher watcher, Map<Long, Watcher.Event> expected) {
    Map<Long, Watcher.Event> seen = new TreeMap<>();
    watcher.events().forEach(event -> seen.put(event.index(), event));
    long last = seen.keySet().stream().mapToLong(index -> index).max().orElse(0);
    expected.forEach(
        (index, event) -> {
          boolean due = index <= last && watcher.gaps().stream().noneMatch(gap -> gap.has(index));
          if (due || seen.containsKey(index)) {
            assertEquals(event, seen.get(index), run + ": what " + watcher.name() + " saw");
          }
        });
    Set<Long> unknown = new HashSet<>(seen.keySet());
    unknown.removeAll(expected.keySet());
    assertEquals(Set.of(), unknown, run + ": events nobody caused at " + watcher.name());
  }

  /** Only the delete of the watched key itself comes twice on a stream, as in 2.3.7. */
  private static void requireIncreasing(String run, Watcher watcher) {
    Watcher.Event before = new Watcher.Event(0, "", "", "");
    for (Watcher.Event event : watcher.events()) {
      boolean doubledDelete =
          event.equals(before)
              && event.action().equals("delete")
              && watcher.name().equals("watcher-one-key");
      assertTrue(
          event.index() > before.index() || doubledDelete,
          "%s: %s saw %s after %s".formatted(run, watcher.name(), event, before));
      before = event;
    }
  }

  int gaps() {
    return all().stream().mapToInt(watcher -> watcher.gaps().size()).sum();
  }

  /** What they saw, in one line. */
  @Override
  public String toString() {
    int seen = all().stream().mapToInt(watcher -> watcher.events().size()).sum();
    int reconnects = all().stream().mapToInt(Watcher::reconnects).sum();
    return "%d watchers saw %d events, reconnected %d times, were told of %d gaps"
        .formatted(all().size(), seen, reconnects, gaps());
  }

  @Override
  public void close() {
    judging = true;
    all().forEach(Watcher::close);
  }
}
