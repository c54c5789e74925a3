// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.ProcessFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A member's disk: a small ext4 of its own on a loop device, which can be full, and can stand
 * still. A slow disk is one that stands still again and again: {@code fsfreeze} holds up every
 * write and every fsync until it is let go. Needs root; else it is a folder like any other.
 */
final class FaultDisk implements AutoCloseable {
  private static final int MEGABYTES = 400;

  private final Commands root;
  private final Path image;
  private final Path mount;
  private final boolean real;

  private FaultDisk(Path folder, String name, boolean real) {
    this.real = real;
    root = new Commands(List.of(), Map.of(), folder);
    image = folder.resolve(name + ".ext4");
    mount = folder.resolve(name + ".disk");
  }

  static FaultDisk open(Path folder, String name) {
    FaultDisk disk = new FaultDisk(folder, name, true);
    try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
      file.setLength((long) MEGABYTES << 20);
      Files.createDirectory(disk.mount);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    disk.must("mkfs.ext4", "-q", "-F", "-m", "0", disk.image.toString());
    disk.must("mount", "-o", "loop", disk.image.toString(), disk.mount.toString());
    return disk;
  }

  static FaultDisk folder(Path folder, String name) {
    FaultDisk disk = new FaultDisk(folder, name, false);
    try {
      Files.createDirectory(disk.mount);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return disk;
  }

  /** Why this machine does not let us have such a disk; empty when it does. */
  static Optional<String> refusal(Path folder) {
    try (FaultDisk disk = open(folder, "try")) {
      disk.freeze();
      return Optional.empty();
    } catch (ProcessFailure e) {
      return Optional.of(e.toString());
    }
  }

  Path data() {
    return mount.resolve("data");
  }

  /** No block is left. */
  void fill() {
    try {
      long room = Files.getFileStore(mount).getUsableSpace() - (64 << 10);
      must("fallocate", "-l", Long.toString(room), ballast().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** There is room again. */
  void relieve() {
    try {
      Files.deleteIfExists(ballast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path ballast() {
    return mount.resolve("ballast");
  }

  /** Whoever writes, waits. */
  void freeze() {
    must("fsfreeze", "-f", mount.toString());
  }

  void thaw() {
    if (real) {
      root.run("fsfreeze", "-u", mount.toString());
    }
  }

  /** Nothing is left of what the member had. */
  void wipe() {
    try (Stream<Path> files = Files.walk(data())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Flips a bit in the newest record of the log, which was on disk already. */
  void corruptLog() {
    try (Stream<Path> files = Files.list(data().resolve("member/wal"))) {
      Path newest =
          files
              .filter(file -> file.toString().endsWith(".wal"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(newest);
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] == 0) {
        end--;
      }
      bytes[end - 1] ^= 0x10;
      Files.write(newest, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void must(String... command) {
    CommandResult result = root.run(command);
    if (result.exit() != 0) {
      throw new ProcessFailure(List.of(command) + ": " + result.output());
    }
  }

  @Override
  public void close() {
    if (real) {
      thaw();
      root.run("umount", mount.toString());
    }
  }
}
