// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One running member, and what the kernel says of it. */
final class Member {

  /** Kernel ticks are hundredths of a second on every Linux that programs see. */
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final String url;

  private Member(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts member {@code number} (from 1) of {@code size}, with its data below {@code folder}. */
  static Member start(Product product, Path folder, int port, int number, int size)
      throws IOException {
    String name = "m" + number;
    List<String> initial = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      initial.add("m" + i + "=" + url(port + 10 + i));
    }
    List<String> command = new ArrayList<>(product.server());
    command.addAll(
        List.of(
            "--name", name,
            "--data-dir", folder.resolve(name).toString(),
            "--listen-client-urls", url(port + number),
            "--advertise-client-urls", url(port + number),
            "--listen-peer-urls", url(port + 10 + number),
            "--initial-advertise-peer-urls", url(port + 10 + number),
            "--initial-cluster", String.join(",", initial),
            "--initial-cluster-token", "bench"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    return new Member(process, url(port + number));
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  String url() {
    return url;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Processor time so far, all threads, those that ended included. */
  double processorSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  long residentMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    return 0;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
