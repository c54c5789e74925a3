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
 * Runs the same loads on three members of ours and on three genuine ones, in turn, on one machine
 * and one disk, and prints tables in Markdown.
 *
 * <p>Both clusters live side by side all the time, so that rounds can alternate without either side
 * losing its warm-up; the one that is not asked costs about one percent of a core.
 */
final class Comparison {

  private final Options options;
  private final Api api;
  private final PrintStream out;

  Comparison(Options options, Api api, PrintStream out) {
    this.options = options;
    this.api = api;
    this.out = out;
  }

  /**
   * Says what is compared, where and how.
   *
   * @param command as it was typed
   * @param warmUp what both sides did before anything is measured
   */
  void head(String command, String warmUp) throws IOException, InterruptedException {
    Files.createDirectories(options.data());
    out.printf(
        "%s; %d cores of %s, Linux %s, data on %s; %s%n",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        processor(),
        System.getProperty("os.version"),
        Files.getFileStore(options.data()).type(),
        Shell.tryRun(List.of(options.etcd(), "--version")).lines().findFirst().orElse(""));
    out.printf("`%s`%n", command);
    out.printf(
        "Warm-up of each side: %s; %d rounds of %d s a row, alternating; medians.%n",
        warmUp, options.rounds(), options.seconds());
    out.printf(
        "A row is void unless (syncs of all members) x (requests under way) >= 2 x (acknowledged"
            + " writes): a sync covers at most one write of each that is under way.%n%n");
  }

  private static String processor() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 2))
        .findFirst()
        .orElse("unknown");
  }

  /**
   * Starts both clusters and prints a row for each of {@code loads}.
   *
   * @param warmUps are run on each side first, each for its seconds
   */
  void loads(List<? extends Workload> loads, List<WarmUp> warmUps)
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
      String leader = cluster.leader().url();
      api.awaitWrite(leader);
      for (WarmUp warmUp : warmUps) {
        warmUp.load().run(leader, warmUp.seconds());
      }
    }
    new LoadRows(options, out).print(clusters, loads);
    close(clusters);
    Runtime.getRuntime().removeShutdownHook(stop);
  }

  /** A load that is run before anything is measured. */
  record WarmUp(Workload load, int seconds) {}

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
