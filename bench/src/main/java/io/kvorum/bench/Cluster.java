// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The members of one product, on fresh data. */
final class Cluster implements AutoCloseable {

  private static final long START_NANOS_MAX = 60_000_000_000L;

  private final Product product;
  private final Path folder;
  private final int port;
  private final int size;
  private final List<Member> members = new ArrayList<>();

  private Cluster(Product product, Path folder, int port, int size) {
    this.product = product;
    this.folder = folder;
    this.port = port;
    this.size = size;
  }

  /** Starts {@code size} members and returns at once. */
  static Cluster start(Product product, Path data, int port, int size) throws IOException {
    Path folder = data.resolve(product.name());
    delete(folder);
    Files.createDirectories(folder);
    Cluster cluster = new Cluster(product, folder, port, size);
    cluster.startAgain();
    return cluster;
  }

  /** All members, on the data that is there. */
  void startAgain() throws IOException {
    members.clear();
    for (int number = 1; number <= size; number++) {
      members.add(Member.start(product, folder, port, number, size));
    }
  }

  void killAll() throws InterruptedException {
    for (Member member : members) {
      member.kill();
    }
  }

  Product product() {
    return product;
  }

  List<Member> members() {
    return members;
  }

  /** The member that says of itself that it leads; waits for one. */
  Member leader() throws IOException, InterruptedException {
    long since = System.nanoTime();
    while (System.nanoTime() - since < START_NANOS_MAX) {
      for (Member member : members) {
        if (member.isAlive()
            && Client.get(member.url() + "/v2/stats/self").contains("StateLeader")) {
          return member;
        }
      }
      Thread.sleep(50);
    }
    throw new IOException(product.name() + ": no leader; see the logs in " + folder);
  }

  double processorSeconds() throws IOException {
    double sum = 0;
    for (Member member : members) {
      sum += member.processorSeconds();
    }
    return sum;
  }

  List<Long> residentMegabytes() throws IOException {
    List<Long> all = new ArrayList<>();
    for (Member member : members) {
      all.add(member.residentMegabytes());
    }
    return all;
  }

  /** What all data directories take of the disk, in the blocks that they occupy. */
  long diskMegabytes() throws IOException, InterruptedException {
    String usage = Shell.run(List.of("du", "-sm", folder.toString()));
    return Long.parseLong(usage.split("\\s")[0]);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    killAll();
    delete(folder);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
