// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program, its output in files, so that nothing is lost and no pipe can fill up. The
 * environment is bare (search path, home, {@code LANG=C}) plus what is given. Safe for use by
 * several threads.
 */
public final class Program implements AutoCloseable {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Thread end = new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-programs");
    Runtime.getRuntime().addShutdownHook(end);
  }

  private final List<String> command;
  private final Process process;
  private final Path out;
  private final Path err;

  private Program(List<String> command, Process process, Path out, Path err) {
    this.command = command;
    this.process = process;
    this.out = out;
    this.err = err;
    RUNNING.add(process);
    var unused = process.onExit().thenRun(() -> RUNNING.remove(process));
  }

  /**
   * Starts a program.
   *
   * @param folder its working folder
   * @param out where its output goes, appended
   * @param err where its errors go, appended; may be the same file
   * @throws ProcessFailure when it cannot be started
   */
  public static Program start(
      List<String> command, Map<String, String> environment, Path folder, Path out, Path err) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> inherited = new HashMap<>(builder.environment());
    builder.environment().clear();
    for (String name : List.of("PATH", "HOME", "KVORUM_JAVA_OPTS")) {
      Optional.ofNullable(inherited.get(name)).ifPresent(v -> builder.environment().put(name, v));
    }
    builder.environment().put("LANG", "C");
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
    if (out.equals(err)) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
    }
    try {
      return new Program(List.copyOf(command), builder.start(), out, err);
    } catch (IOException e) {
      throw new ProcessFailure("cannot start " + command, e);
    }
  }

  /** Gives it that text as its whole input. */
  public void feed(String input) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it ended, or closed its input, without reading all: its own affair
      if (process.isAlive()) {
        throw new ProcessFailure("cannot feed " + command, e);
      }
    }
  }

  /** Gives it that text as the beginning of its input, which stays open. */
  public void feedSome(String input) {
    try {
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new ProcessFailure("cannot feed " + command, e);
      }
    }
  }

  /** What it wrote so far. */
  public String stdout() {
    return read(out);
  }

  /** The bytes of what it wrote so far. */
  public byte[] stdoutBytes() {
    return bytes(out);
  }

  /** What it wrote to its error stream so far. */
  public String stderr() {
    return read(err);
  }

  /** The text of a file; empty when there is none. */
  static String read(Path file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      throw new ProcessFailure("cannot read " + file, e);
    }
  }

  /** Sends a signal, when it still runs. */
  public void signal(Signal signal) {
    if (process.isAlive()) {
      signal.send(process.pid());
    }
  }

  /**
   * Waits for its end; the status as a shell shows it (128 + signal for a killed one).
   *
   * @return empty when it still runs after that time
   */
  public Optional<Integer> awaitExit(Duration timeout) {
    try {
      boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return ended ? Optional.of(process.exitValue()) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Kills it, and whatever it started, when it still runs; returns after its end. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  @Override
  public String toString() {
    return command + " (pid " + process.pid() + ")";
  }
}
