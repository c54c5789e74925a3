// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The metrics of one member under etcd's own names. Callable from any thread.
 *
 * <p>Written by hand: etcd has gauges whose names end in {@code _total} ({@code
 * etcd_server_proposals_applied_total}), and Prometheus' Java client refuses such names.
 */
public final class Metrics {
  private final Map<String, Family> families = new ConcurrentSkipListMap<>();

  private interface Family {
    void write(PrometheusText text);
  }

  /** A counter without labels. */
  public Counter counter(String name, String help) {
    var counter = new Counter();
    families.put(
        name,
        text -> {
          text.family(name, "counter", help);
          text.sample(name, "", counter.value());
        });
    return counter;
  }

  /** A value that is asked for when the page is made; {@code value} must not block. */
  public void gauge(String name, String help, DoubleSupplier value) {
    families.put(
        name,
        text -> {
          text.family(name, "gauge", help);
          text.sample(name, "", value.getAsDouble());
        });
  }

  /** A value that never changes but for its labels: {@code 1} with what it says. */
  public void info(String name, String help, String label, String value) {
    families.put(
        name,
        text -> {
          text.family(name, "gauge", help);
          text.sample(name, PrometheusText.label(label, value), 1);
        });
  }

  /** The same with what it says asked for when the page is made. */
  public void info(String name, String help, String label, Supplier<String> value) {
    families.put(
        name,
        text -> {
          text.family(name, "gauge", help);
          text.sample(name, PrometheusText.label(label, value.get()), 1);
        });
  }

  /** A histogram without labels. */
  public Histogram histogram(String name, String help, Histogram histogram) {
    families.put(
        name,
        text -> {
          text.family(name, "histogram", help);
          histogram.write(text, name, "");
        });
    return histogram;
  }

  /** Counters told apart by labels. */
  public Labelled<Counter> counters(String name, String help, String... labels) {
    var counters = new Labelled<>(List.of(labels), unused -> new Counter());
    families.put(
        name,
        text -> {
          text.family(name, "counter", help);
          counters.members.forEach((label, one) -> text.sample(name, label, one.value()));
        });
    return counters;
  }

  /** Histograms told apart by labels; {@code make} makes one of them. */
  public Labelled<Histogram> histograms(
      String name, String help, Function<String, Histogram> make, String... labels) {
    var histograms = new Labelled<>(List.of(labels), make);
    families.put(
        name,
        text -> {
          text.family(name, "histogram", help);
          histograms.members.forEach((label, one) -> one.write(text, name, label));
        });
    return histograms;
  }

  /** The page, in Prometheus' text format 0.0.4, families sorted by name. */
  public String page() {
    var text = new PrometheusText();
    families.values().forEach(family -> family.write(text));
    return text.toString();
  }

  /** One metric per combination of label values. Values must come from a small set. */
  public static final class Labelled<M> {
    private final List<String> names;
    private final Function<String, M> make;
    private final Map<String, M> members = new ConcurrentSkipListMap<>();

    private Labelled(List<String> names, Function<String, M> make) {
      this.names = names;
      this.make = make;
    }

    /** The metric for these values, in the order of the label names. Keep it where it is hot. */
    public M with(String... values) {
      if (values.length != names.size()) {
        throw new IllegalArgumentException("values " + List.of(values) + " for labels " + names);
      }
      var labels = new ArrayList<String>();
      for (int i = 0; i < values.length; i++) {
        labels.add(PrometheusText.label(names.get(i), values[i]));
      }
      return members.computeIfAbsent(String.join(",", labels), make);
    }
  }
}
