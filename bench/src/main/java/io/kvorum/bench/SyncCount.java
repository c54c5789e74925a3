// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the calls of {@code fsync} and {@code fdatasync} of each member while a load runs, by the
 * kernel's own counters ({@code perf stat} on the two trace points): nothing of the member is
 * asked.
 */
final class SyncCount {

  private static final String EVENTS =
      "syscalls:sys_enter_fsync,syscalls:sys_enter_fdatasync,syscalls:sys_enter_sync_file_range";

  private final List<Process> counters = new ArrayList<>();
  private final List<Path> outputs = new ArrayList<>();

  private SyncCount() {}

  static SyncCount begin(List<Member> members, Path folder)
      throws IOException, InterruptedException {
    SyncCount count = new SyncCount();
    for (Member member : members) {
      Path output = folder.resolve("syncs-" + member.pid());
      count.outputs.add(output);
      count.counters.add(
          new ProcessBuilder(
                  "perf",
                  "stat",
                  "-x,",
                  "-o",
                  output.toString(),
                  "-e",
                  EVENTS,
                  "-p",
                  Long.toString(member.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    // Until the counters are attached; what they miss at the start only makes the check stricter.
    Thread.sleep(300);
    return count;
  }

  /** Calls per member, in the order of the members. */
  List<Long> end() throws IOException, InterruptedException {
    List<Long> calls = new ArrayList<>();
    for (int i = 0; i < counters.size(); i++) {
      Shell.run(List.of("kill", "-INT", Long.toString(counters.get(i).pid())));
      counters.get(i).waitFor();
      calls.add(sum(outputs.get(i)));
      Files.deleteIfExists(outputs.get(i));
    }
    return calls;
  }

  private static long sum(Path output) throws IOException {
    if (!Files.exists(output)) {
      return 0;
    }
    return Files.readAllLines(output).stream()
        .map(line -> line.split(",")[0])
        .filter(count -> count.matches("\\d+"))
        .mapToLong(Long::parseLong)
        .sum();
  }

  /**
   * Whether {@code acknowledged} writes can be covered by these syncs on a quorum. A connection has
   * one write under way, and a write is durable by a sync that ran between its arrival and its
   * acknowledgement; so one sync of one member covers at most one write of each connection. Every
   * write needs two of three members.
   */
  static boolean covers(List<Long> syncs, long acknowledged, int connections) {
    long quorum = syncs.size() / 2 + 1;
    long all = syncs.stream().mapToLong(Long::longValue).sum();
    long members = syncs.stream().filter(count -> count * connections >= acknowledged / 2).count();
    return all * connections >= quorum * acknowledged && members >= quorum;
  }
}
