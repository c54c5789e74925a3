// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How often each {@link Count} was seen, over one seed or a whole run. */
final class Counts {

  private final long[] values = new long[Count.values().length];
  long seeds;
  long events;
  long virtualMicros;
  long slowestRecoveryMicros;
  long mostEvents;
  long mostEventsSeed;

  void add(Count count) {
    values[count.ordinal()]++;
  }

  long get(Count count) {
    return values[count.ordinal()];
  }

  void addAll(Counts other) {
    for (int i = 0; i < values.length; i++) {
      values[i] += other.values[i];
    }
    seeds += other.seeds;
    events += other.events;
    virtualMicros += other.virtualMicros;
    if (other.mostEvents > mostEvents) {
      mostEvents = other.mostEvents;
      mostEventsSeed = other.mostEventsSeed;
    }
    slowestRecoveryMicros = Math.max(slowestRecoveryMicros, other.slowestRecoveryMicros);
  }

  List<Count> neverSeen() {
    List<Count> missing = new ArrayList<>();
    for (Count count : Count.values()) {
      if (get(count) == 0) {
        missing.add(count);
      }
    }
    return missing;
  }

  /** One line per count, for the log of a run and for docs/testing.md. */
  String report() {
    StringBuilder text = new StringBuilder();
    line(text, "seeds", seeds);
    line(text, "events", events);
    line(text, "most events of one seed", mostEvents);
    line(text, "that seed", mostEventsSeed);
    line(text, "virtual hours", virtualMicros / 3_600_000_000L);
    line(text, "slowest recovery, ms", slowestRecoveryMicros / 1000);
    for (Count count : Count.values()) {
      line(text, count.name().toLowerCase(Locale.ROOT).replace('_', ' '), get(count));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long value) {
    text.append(String.format(Locale.ROOT, "%-28s %,15d%n", name, value));
  }
}
