// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The rows of the table that are loads: alternating rounds, medians, ratios. */
final class LoadRows {

  private final Options options;
  private final PrintStream out;

  LoadRows(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  void print(List<Cluster> clusters, List<? extends Workload> loads)
      throws IOException, InterruptedException {
    out.println("| load | side | ops/s | p50 ms | p99 ms | CPU s per 10k | RSS MB | syncs/s | |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    for (Workload load : loads) {
      for (Cluster cluster : clusters) {
        load.prepare(cluster.leader().url());
      }
      print(clusters, load);
    }
  }

  private void print(List<Cluster> clusters, Workload load)
      throws IOException, InterruptedException {
    Map<Cluster, List<Round>> rounds = new LinkedHashMap<>();
    for (int i = 0; i < options.rounds(); i++) {
      for (Cluster cluster : clusters) {
        rounds
            .computeIfAbsent(cluster, key -> new ArrayList<>())
            .add(Round.measure(cluster, load, options.seconds(), options.data()));
      }
    }
    List<List<Round>> sides = List.copyOf(rounds.values());
    rounds.forEach((cluster, all) -> row(cluster.product().name(), load, all));
    List<Round> ours = sides.get(0);
    List<Round> theirs = sides.get(1);
    out.printf(
        Locale.ROOT,
        "| | ratio | %.2f | %.2f | %.2f | %.2f | | | |%n",
        ratio(ours, theirs, round -> round.load().perSecond()),
        ratio(ours, theirs, round -> round.load().p50()),
        ratio(ours, theirs, round -> round.load().p99()),
        ratio(ours, theirs, Round::processorSeconds));
  }

  private void row(String side, Workload load, List<Round> rounds) {
    boolean isVoid = rounds.stream().anyMatch(round -> round.isVoid(load.underWay()));
    Round last = rounds.getLast();
    List<Long> perSecond = last.syncs().stream().map(syncs -> syncs / options.seconds()).toList();
    out.printf(
        Locale.ROOT,
        "| %s | %s | %.0f | %.2f | %.2f | %.2f | %s | %s | %s |%n",
        load,
        side,
        median(rounds, round -> round.load().perSecond()),
        median(rounds, round -> round.load().p50()),
        median(rounds, round -> round.load().p99()),
        median(rounds, Round::processorSeconds),
        join(last.residentMegabytes()),
        join(perSecond),
        isVoid ? "**void**" : "");
  }

  private static double ratio(
      List<Round> ours, List<Round> theirs, ToDoubleFunction<Round> figure) {
    return median(ours, figure) / median(theirs, figure);
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    List<Round> sorted = rounds.stream().sorted(Comparator.comparingDouble(figure)).toList();
    return figure.applyAsDouble(sorted.get(sorted.size() / 2));
  }

  private static String join(List<Long> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }
}
