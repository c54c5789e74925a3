// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often what happened in a simulation: a run that claims a fault must have had it. */
final class Tally {

  private final Map<String, Long> counts = new TreeMap<>();

  void count(String what) {
    add(what, 1);
  }

  void add(String what, long times) {
    counts.merge(what, times, Long::sum);
  }

  void addAll(Tally other) {
    other.counts.forEach(this::add);
  }

  long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** Those of {@code claimed} that never happened. */
  List<String> missing(List<String> claimed) {
    return claimed.stream().filter(what -> of(what) == 0).toList();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    counts.forEach((what, times) -> text.append("%-34s %,14d%n".formatted(what, times)));
    return text.toString();
  }
}
