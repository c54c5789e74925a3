// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How often values fell into which range. Callable from any thread. */
public final class Histogram {
  private final double[] bounds;
  private final LongAdder[] counts;
  private final DoubleAdder sum = new DoubleAdder();

  private Histogram(double[] bounds) {
    this.bounds = bounds;
    this.counts = new LongAdder[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** Upper bounds {@code first}, then each {@code factor} times the one before. */
  public static Histogram exponential(double first, double factor, int buckets) {
    var bounds = new double[buckets];
    double bound = first;
    for (int i = 0; i < buckets; i++) {
      bounds[i] = bound;
      bound *= factor;
    }
    return new Histogram(bounds);
  }

  /** Counts one value, in the unit that the metric's name says. */
  public void observe(double value) {
    int i = 0;
    while (i < bounds.length && value > bounds[i]) {
      i++;
    }
    counts[i].increment();
    sum.add(value);
  }

  void write(PrometheusText text, String name, String labels) {
    String before = labels.isEmpty() ? "" : labels + ",";
    long total = 0;
    for (int i = 0; i < bounds.length; i++) {
      total += counts[i].sum();
      text.sample(
          name + "_bucket", before + "le=\"" + PrometheusText.number(bounds[i]) + "\"", total);
    }
    total += counts[bounds.length].sum();
    text.sample(name + "_bucket", before + "le=\"+Inf\"", total);
    text.sample(name + "_sum", labels, sum.sum());
    text.sample(name + "_count", labels, total);
  }
}
