// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;

/** One member that is filled with keys: how long, how large, and how long a restart takes then. */
final class FillRows {

  private static final int CLIENTS = 1_000;
  private static final int READ_MILLIS_MAX = 1_000;
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  private final Options options;
  private final PrintStream out;

  FillRows(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  void print() throws IOException, InterruptedException {
    out.println();
    out.printf(
        Locale.ROOT,
        "One member, %,d keys of 256 bytes put by %,d clients, kill -9, start to the first"
            + " linearizable read:%n%n",
        options.fillKeys(),
        CLIENTS);
    out.println("| side | puts/s | CPU s per 10k | RSS MB | disk MB | restart ms | RSS MB then |");
    out.println("|---|---|---|---|---|---|---|");
    for (Product product : options.products()) {
      try (Cluster cluster = Cluster.start(product, options.data(), options.port() + 100, 1)) {
        row(cluster);
      }
    }
  }

  private void row(Cluster cluster) throws IOException, InterruptedException {
    String member = cluster.leader().url();
    Api.V3.awaitWrite(member);
    long since = System.nanoTime();
    try (Fill fill = new Fill("fill/", options.fillKeys(), CLIENTS)) {
      fill.run(member);
    }
    double seconds = (System.nanoTime() - since) / 1e9;
    double processor = cluster.processorSeconds();
    long resident = cluster.residentMegabytes().getFirst();
    long disk = cluster.diskMegabytes();
    double restart = restart(cluster);
    out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.2f | %d | %d | %.0f | %d |%n",
        cluster.product().name(),
        options.fillKeys() / seconds,
        processor * 10_000 / options.fillKeys(),
        resident,
        disk,
        restart,
        cluster.residentMegabytes().getFirst());
  }

  private double restart(Cluster cluster) throws IOException, InterruptedException {
    cluster.killAll();
    long since = System.nanoTime();
    cluster.startAgain();
    String member = cluster.members().getFirst().url();
    String lastKey = "fill/%08d".formatted(options.fillKeys() - 1);
    while (System.nanoTime() - since < PATIENCE_NANOS) {
      if (V3Requests.read(member, lastKey, READ_MILLIS_MAX)) {
        return (System.nanoTime() - since) / 1e6;
      }
      Thread.sleep(5);
    }
    throw new IOException(cluster.product().name() + ": no read after its restart");
  }
}
