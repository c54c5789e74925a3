// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.process;

import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server process that can be stopped, killed and started again with the same command. Its log
 * goes to one file over all starts. Used by one thread at a time.
 */
public final class Member implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path folder;
  private final InetSocketAddress client;
  private Optional<Program> program = Optional.empty();
  private int logStart;

  /**
   * A member that is not started yet.
   *
   * @param client where its client port is reached from here
   * @param folder its working folder, which gets the log
   */
  public Member(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path folder,
      InetSocketAddress client) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.folder = folder;
    this.client = client;
  }

  public String name() {
    return name;
  }

  public InetSocketAddress client() {
    return client;
  }

  /** Starts it; returns at once. */
  public void start() {
    if (isAlive()) {
      throw new IllegalStateException(name + " runs already");
    }
    Path log = logFile();
    logStart = Program.read(log).length();
    program = Optional.of(Program.start(command, environment, folder, log, log));
  }

  /**
   * Waits until this start of the member has published itself to the cluster, sees a leader and
   * knows the cluster version.
   *
   * @throws AssertionError when that does not happen in time; the message has the log's end
   */
  public void awaitReady(Duration timeout) {
    boolean ready =
        Await.until(
            timeout,
            () -> !isAlive() || (log().contains("published") && knowsLeader() && knowsVersion()));
    if (!ready || !isAlive()) {
      throw notReady(timeout);
    }
  }

  /**
   * Waits until this start of the member has logged that phrase; for members whose ports cannot be
   * reached from here.
   *
   * @throws AssertionError when that does not happen in time; the message has the log's end
   */
  public void awaitLog(String phrase, Duration timeout) {
    boolean seen = Await.until(timeout, () -> !isAlive() || log().contains(phrase));
    if (!seen || !isAlive()) {
      throw notReady(timeout);
    }
  }

  private AssertionError notReady(Duration timeout) {
    String what = isAlive() ? "not ready within " + timeout : "ended while starting";
    return new AssertionError(name + " " + what + "; " + story());
  }

  /** Whether it runs, and the end of its log: for the message of a test that failed. */
  public String story() {
    String log = log();
    return "%s %s; end of its log:%n%s"
        .formatted(
            name, isAlive() ? "runs" : "is down", log.substring(Math.max(0, log.length() - 4000)));
  }

  /** Whether it answers that some member leads. */
  public boolean knowsLeader() {
    return get("/v2/members/leader").filter(r -> r.status() == 200).isPresent();
  }

  private boolean knowsVersion() {
    return get("/version")
        .filter(r -> r.status() == 200 && !r.body().contains("not_decided"))
        .isPresent();
  }

  /** A plain GET on the client port; empty when there is no answer within seconds. */
  public Optional<HttpReply> get(String target) {
    try {
      return Optional.of(HttpStream.exchange(client, HttpCall.of("GET", target), ANSWER));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What it logged since its last start. */
  public String log() {
    String all = program.map(Program::stdout).orElse("");
    return all.substring(Math.min(logStart, all.length()));
  }

  /** The file that has the log of all its starts. */
  public Path logFile() {
    return folder.resolve(name + ".log");
  }

  public boolean isAlive() {
    return program.map(Program::isAlive).orElse(false);
  }

  public void signal(Signal signal) {
    program.ifPresent(p -> p.signal(signal));
  }

  /**
   * Sends a signal and waits for the end.
   *
   * @return the exit status as a shell shows it
   * @throws ProcessFailure when it does not end within half a minute
   */
  public int stop(Signal signal) {
    signal(signal);
    return awaitExit(Duration.ofSeconds(30))
        .orElseThrow(() -> new ProcessFailure(name + " does not end after " + signal));
  }

  /** Waits for its end by itself. */
  public Optional<Integer> awaitExit(Duration timeout) {
    return program.flatMap(p -> p.awaitExit(timeout));
  }

  /** Kills it when it still runs. */
  @Override
  public void close() {
    program.ifPresent(Program::close);
  }
}
