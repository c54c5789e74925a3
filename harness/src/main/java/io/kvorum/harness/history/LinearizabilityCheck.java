// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether a history is linearizable: whether all calls can be put into one order that no client can
 * tell from the truth. Groups of keys that no call connects are checked one by one.
 *
 * @param visitedMax configurations remembered per group at most; some hundred bytes each
 */
public record LinearizabilityCheck<S, C, A>(Model<S, C, A> model, long visitedMax) {
  /** About a gigabyte at worst. */
  public static final long VISITED_MAX = 4_000_000;

  /** With the usual bound. */
  public LinearizabilityCheck(Model<S, C, A> model) {
    this(model, VISITED_MAX);
  }

  /**
   * The verdict on a whole history, in any order of its operations. A failure is told even when the
   * search gave up on other keys.
   */
  public Verdict check(List<Operation<C, A>> history) {
    Optional<Verdict> gaveUp = Optional.empty();
    long visited = 0;
    Map<String, List<Operation<C, A>>> parts = parts(history);
    for (Map.Entry<String, List<Operation<C, A>>> part : parts.entrySet()) {
      Search<S, C, A> search = new Search<>(model, part.getValue(), visitedMax);
      Search.End end = search.run();
      visited += search.visited();
      switch (end) {
        case FOUND -> {}
        case NONE -> {
          return new Verdict.NotLinearizable(story(part.getKey(), part.getValue()));
        }
        case GAVE_UP -> gaveUp = Optional.of(new Verdict.GaveUp(part.getKey(), search.visited()));
      }
    }
    return gaveUp.orElse(new Verdict.Linearizable(history.size(), parts.size(), visited));
  }

  /** By the names of their keys; groups that share a key are one. */
  private Map<String, List<Operation<C, A>>> parts(List<Operation<C, A>> history) {
    Map<String, String> parents = new LinkedHashMap<>();
    for (Operation<C, A> operation : history) {
      Set<String> keys = model.keys(operation.call());
      String first = keys.iterator().next();
      keys.forEach(key -> parents.put(root(parents, key), root(parents, first)));
    }
    Map<String, Set<String>> names = new LinkedHashMap<>();
    parents
        .keySet()
        .forEach(
            key -> names.computeIfAbsent(root(parents, key), root -> new TreeSet<>()).add(key));
    return history.stream()
        .collect(
            Collectors.groupingBy(
                operation -> {
                  String key = model.keys(operation.call()).iterator().next();
                  return String.join(" ", names.getOrDefault(root(parents, key), Set.of()));
                },
                LinkedHashMap::new,
                Collectors.toList()));
  }

  private static String root(Map<String, String> parents, String key) {
    String at = key;
    for (String up = parents.getOrDefault(at, at);
        !up.equals(at);
        up = parents.getOrDefault(at, at)) {
      at = up;
    }
    return at;
  }

  /** Of the shortest beginning that fails; a longer one can not become right again. */
  private String story(String keys, List<Operation<C, A>> part) {
    List<Long> ends =
        part.stream().filter(Operation::isKnown).map(Operation::ended).sorted().toList();
    int good = 0;
    int bad = ends.size();
    while (bad - good > 1) {
      int middle = (good + bad) / 2;
      boolean fails =
          new Search<>(model, until(ends.get(middle - 1), part), visitedMax).run()
              == Search.End.NONE;
      if (fails) {
        bad = middle;
      } else {
        good = middle;
      }
    }
    List<Operation<C, A>> shortest = until(ends.get(bad - 1), part);
    Search<S, C, A> search = new Search<>(model, shortest, visitedMax);
    search.run();
    return "no order explains the answers about %s; %d of %d answers are enough to see it:\n%s"
        .formatted(keys, bad, ends.size(), search.story());
  }

  /** What had been seen at that time: calls without an answer by then are of unknown fate. */
  private static <C, A> List<Operation<C, A>> until(long time, List<Operation<C, A>> part) {
    List<Operation<C, A>> seen = new ArrayList<>();
    for (Operation<C, A> operation : part) {
      if (operation.ended() <= time) {
        seen.add(operation);
      } else if (operation.begun() <= time) {
        seen.add(Operation.unknown(operation.client(), operation.call(), operation.begun()));
      }
    }
    return seen;
  }
}
