// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

/** Counts durations in classes that are 3 % wide. Owned by one thread. */
public final class Latencies {

  private static final int STEP_BITS = 5;
  private static final int STEPS = 1 << STEP_BITS;

  private final long[] counts = new long[(Long.SIZE - STEP_BITS) * STEPS];
  private long total;

  public void add(long nanos) {
    counts[classOf(Math.max(0, nanos))]++;
    total++;
  }

  public long count() {
    return total;
  }

  /** The duration that {@code share} (0 to 1) of all do not exceed; 0 without any. */
  public double millis(double share) {
    long wanted = (long) Math.ceil(total * share);
    long seen = 0;
    for (int i = 0; i < counts.length && total > 0; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return middleOf(i) / 1e6;
      }
    }
    return 0;
  }

  /** Below {@link #STEPS} each number has a class; above, each power of two has as many. */
  private static int classOf(long nanos) {
    if (nanos < STEPS) {
      return (int) nanos;
    }
    int shift = Long.SIZE - Long.numberOfLeadingZeros(nanos) - STEP_BITS - 1;
    return (shift + 1) * STEPS + (int) (nanos >>> shift) - STEPS;
  }

  private static double middleOf(int index) {
    if (index < STEPS) {
      return index;
    }
    int shift = index / STEPS - 1;
    return ((double) (index % STEPS) + STEPS + 0.5) * (1L << shift);
  }
}
