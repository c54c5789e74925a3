// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the same v2 loads on three members of ours and on three genuine ones, in turn, on one
 * machine and one disk, and prints tables in Markdown.
 *
 * <p>Both clusters live side by side all the time, so that rounds can alternate without either side
 * losing its warm-up; the one that is not asked costs about one percent of a core.
 */
public final class CompareV2 {

  private CompareV2() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out = System.out;
    Options options;
    try {
      options = Options.parse(List.of(arguments));
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    Files.createDirectories(options.data());
    head(options, arguments, out);
    if (options.hasLoad()) {
      compareLoads(options, out);
    }
    if (options.hasSingle()) {
      new SingleRows(options, out).print();
    }
  }

  private static void compareLoads(Options options, PrintStream out)
      throws IOException, InterruptedException {
    List<Cluster> clusters = new ArrayList<>();
    Thread stop = new Thread(() -> close(clusters));
    Runtime.getRuntime().addShutdownHook(stop);
    int port = options.port();
    for (Product product : options.products()) {
      clusters.add(Cluster.start(product, options.data(), port, 3));
      port += 20;
    }
    for (Cluster cluster : clusters) {
      warmUp(cluster, options);
    }
    new LoadRows(options, out).print(clusters);
    close(clusters);
    Runtime.getRuntime().removeShutdownHook(stop);
  }

  private static void head(Options options, String[] arguments, PrintStream out)
      throws IOException, InterruptedException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse("unknown");
    out.printf(
        "%s; %d cores of %s, Linux %s, data on %s; %s%n",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        model,
        System.getProperty("os.version"),
        Files.getFileStore(options.data()).type(),
        Shell.tryRun(List.of(options.etcd(), "--version")).lines().findFirst().orElse(""));
    out.printf("`bench/compare-v2 %s`%n", String.join(" ", List.of(arguments)));
    out.printf(
        "Warm-up of each side: %d s of PUT at 100 connections, then %d s each of GET and quorum"
            + " GET; %d rounds of %d s a row, alternating; medians.%n",
        options.warmSeconds(), options.warmSeconds() / 4, options.rounds(), options.seconds());
    out.printf(
        "A row is void unless (syncs of all members) x (connections) >= 2 x (acknowledged writes):"
            + " a sync covers at most one write of each connection.%n%n");
  }

  private static void warmUp(Cluster cluster, Options options)
      throws IOException, InterruptedException {
    String leader = cluster.leader().url();
    int reads = Math.max(1, options.warmSeconds() / 4);
    run(Load.Kind.PUT, leader, options.warmSeconds(), options);
    run(Load.Kind.GET, leader, reads, options);
    run(Load.Kind.QUORUM_GET, leader, reads, options);
  }

  private static void run(Load.Kind kind, String leader, int seconds, Options options)
      throws IOException, InterruptedException {
    new Load(kind, 100).run(leader, seconds, options.keys(), options.data());
  }

  private static void close(List<Cluster> clusters) {
    for (Cluster cluster : clusters) {
      try {
        cluster.close();
      } catch (IOException failure) {
        System.err.println(failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
