// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What happens once: the first write of a member, the next write after a leader's death. */
final class SingleRows {

  private static final int COMMANDS = 20;

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final Options options;
  private final PrintStream out;

  SingleRows(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  private interface Trial {
    double millis(Product product) throws IOException, InterruptedException;
  }

  void print(Api api) throws IOException, InterruptedException {
    if (Collections.disjoint(options.rows(), List.of("start", "failover", "etcdctl"))) {
      return;
    }
    out.println();
    out.println("| ms, median (all) | Kvorum | etcd |");
    out.println("|---|---|---|");
    if (options.rows().contains("start")) {
      row(
          "start of one member on fresh data to its first write",
          options.repeats(),
          product -> firstWrite(product, api));
    }
    if (options.rows().contains("failover")) {
      row(
          "kill -9 of the leader of three to the next write",
          options.repeats(),
          product -> nextWrite(product, api));
    }
    if (options.rows().contains("etcdctl")) {
      row("`etcdctl get`, v2, " + COMMANDS + " times", 1, this::command);
    }
  }

  private void row(String name, int times, Trial trial) throws IOException, InterruptedException {
    List<List<Double>> all = new ArrayList<>();
    for (Product product : options.products()) {
      all.add(new ArrayList<>());
    }
    for (int i = 0; i < times; i++) {
      for (int side = 0; side < all.size(); side++) {
        all.get(side).add(trial.millis(options.products().get(side)));
      }
    }
    StringBuilder line = new StringBuilder("| ").append(name);
    for (List<Double> figures : all) {
      line.append(" | ").append(text(figures));
    }
    out.println(line.append(" |"));
  }

  private static String text(List<Double> figures) {
    List<Double> sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    String median = String.format(Locale.ROOT, "%.0f", sorted.get(sorted.size() / 2));
    return figures.size() == 1
        ? median
        : median
            + " ("
            + String.join(
                ", ",
                sorted.stream().map(each -> String.format(Locale.ROOT, "%.0f", each)).toList())
            + ")";
  }

  private double firstWrite(Product product, Api api) throws IOException, InterruptedException {
    long since = System.nanoTime();
    try (Cluster cluster = Cluster.start(product, options.data(), options.port() + 100, 1)) {
      return untilWritten(cluster.members(), since, 5, api);
    }
  }

  private double nextWrite(Product product, Api api) throws IOException, InterruptedException {
    try (Cluster cluster = Cluster.start(product, options.data(), options.port() + 200, 3)) {
      Member leader = cluster.leader();
      api.puts(options).run(leader.url(), 3);
      leader.kill();
      long since = System.nanoTime();
      List<Member> left = cluster.members().stream().filter(Member::isAlive).toList();
      return untilWritten(left, since, 20, api);
    }
  }

  /** Asks the members in turn, so that one without a leader does not hide another with one. */
  private static double untilWritten(List<Member> members, long since, int pauseMillis, Api api)
      throws IOException, InterruptedException {
    while (System.nanoTime() - since < PATIENCE_NANOS) {
      for (Member member : members) {
        if (api.put(member.url())) {
          return (System.nanoTime() - since) / 1e6;
        }
      }
      Thread.sleep(pauseMillis);
    }
    throw new IOException("no write succeeded");
  }

  private double command(Product product) throws IOException, InterruptedException {
    try (Cluster cluster = Cluster.start(product, options.data(), options.port() + 100, 1)) {
      untilWritten(cluster.members(), System.nanoTime(), 5, Api.V2);
      List<String> command = new ArrayList<>(List.of("env", "ETCDCTL_API=2"));
      command.addAll(product.control());
      command.addAll(List.of("--endpoints", cluster.members().getFirst().url(), "get", "/first"));
      List<Double> figures = new ArrayList<>();
      for (int i = 0; i < COMMANDS; i++) {
        long since = System.nanoTime();
        String printed = Shell.run(command);
        figures.add((System.nanoTime() - since) / 1e6);
        if (!printed.equals("x")) {
          throw new IOException(command + " printed: " + printed);
        }
      }
      Collections.sort(figures);
      return figures.get(figures.size() / 2);
    }
  }
}
