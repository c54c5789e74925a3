// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.base.Bytes;
import io.kvorum.env.Disk;
import io.kvorum.env.RealDisk;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How many durable entries a second the log takes, by entries per sync, and how fast it opens. Not
 * a test: run its main with a folder on the disk to be measured (docs/performance.md).
 */
final class LogBenchmark {

  private static final int ENTRY_BYTES = 256;
  private static final long SECONDS = 5;

  private LogBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    Path home = Path.of(arguments[0]);
    long step = arguments.length > 1 ? Long.parseLong(arguments[1]) : 4 << 20;
    LogLimits limits = new LogLimits(64_000_000, step, 16 << 20, 5000);
    Disk disk = new RealDisk();
    for (int batch : new int[] {1, 64, 1000, 1, 64, 1000}) {
      Path directory = home.resolve("wal-" + System.nanoTime());
      WriteAheadLog log = WriteAheadLog.create(disk, directory, new LogIdentity(1, 2), limits);
      run(log, batch, 1 + SECONDS / 5, false);
      long last = run(log, batch, SECONDS, true);
      log.close();
      long start = System.nanoTime();
      WriteAheadLog.open(disk, directory, LogPosition.ZERO, limits).log().close();
      System.out.printf(
          "%12s open with %d entries: %d ms%n", "", last, (System.nanoTime() - start) / 1_000_000);
      for (String name : disk.list(directory)) {
        disk.delete(directory.resolve(name));
      }
      disk.delete(directory);
    }
  }

  private static long run(WriteAheadLog log, int batch, long seconds, boolean print) {
    byte[] value = new byte[ENTRY_BYTES];
    Arrays.fill(value, (byte) 'v');
    Bytes data = Bytes.wrap(value);
    long[] nanos = new long[1 << 20];
    int syncs = 0;
    long begin = System.nanoTime();
    long index = log.lastIndex();
    long first = index;
    while (System.nanoTime() - begin < seconds * 1_000_000_000L) {
      List<Entry> entries = new ArrayList<>(batch);
      for (int i = 0; i < batch; i++) {
        entries.add(new Entry(EntryType.NORMAL, 1, ++index, data));
      }
      long from = System.nanoTime();
      log.append(entries, Optional.of(new HardState(1, 1, index - batch)));
      log.sync();
      nanos[syncs++] = System.nanoTime() - from;
    }
    if (print) {
      double elapsed = (System.nanoTime() - begin) / 1e9;
      long[] sorted = Arrays.copyOf(nanos, syncs);
      Arrays.sort(sorted);
      System.out.printf(
          "batch %5d: %9.0f entries/s, sync p50 %6.2f ms, p99 %6.2f ms, max %6.2f ms%n",
          batch,
          (index - first) / elapsed,
          sorted[syncs / 2] / 1e6,
          sorted[(int) (syncs * 0.99)] / 1e6,
          sorted[syncs - 1] / 1e6);
    }
    return index;
  }
}
