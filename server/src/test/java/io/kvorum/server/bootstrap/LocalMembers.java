// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.env.RealDisk;
import io.kvorum.env.SystemClock;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.member.Membership;
import io.kvorum.server.storage.log.LogLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Whole members in this JVM, on real disks and sockets, named by letters. */
final class LocalMembers implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, RunningMember> running = new LinkedHashMap<>();
  private final Map<String, Ending> endings = new ConcurrentHashMap<>();
  private final Map<String, JumpingClock> clocks = new ConcurrentHashMap<>();
  private long snapshotCount = 10_000;
  private Duration electionTimeout = Duration.ofMillis(500);

  LocalMembers(Path folder) {
    this.folder = folder;
  }

  /** Snapshots after so many entries, for members started from now on. */
  void snapshotAfter(long entries) {
    snapshotCount = entries;
  }

  /** So long that a busy machine does not cause elections, for members started from now on. */
  void electAfter(Duration timeout) {
    electionTimeout = timeout;
  }

  /** That member's clock, also over its restarts. */
  JumpingClock clock(String name) {
    return clocks.computeIfAbsent(name, unused -> new JumpingClock());
  }

  /** The time of day, when somebody may set it. */
  static final class JumpingClock implements Clock {
    private final Clock real = new SystemClock();
    private final AtomicLong offset = new AtomicLong();

    void jump(Duration by) {
      offset.addAndGet(by.toNanos());
    }

    @Override
    public long unixNanos() {
      return real.unixNanos() + offset.get();
    }

    @Override
    public long monotonicNanos() {
      return real.monotonicNanos();
    }
  }

  String peer(String name) {
    return "http://127.0.0.1:" + port(name + " peer");
  }

  String client(String name) {
    return "http://127.0.0.1:" + port(name + " client");
  }

  private int port(String use) {
    return ports.computeIfAbsent(use, unused -> freePort());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
  }

  Map<String, List<String>> cluster(String... names) {
    Map<String, List<String>> cluster = new LinkedHashMap<>();
    for (String name : names) {
      cluster.put(name, List.of(peer(name)));
    }
    return cluster;
  }

  MemberConfig config(String name, Map<String, List<String>> cluster, boolean existing) {
    return config(name, cluster, existing, false);
  }

  MemberConfig config(
      String name, Map<String, List<String>> cluster, boolean existing, boolean force) {
    return new MemberConfig(
        name,
        new MemberConfig.Storage(
            dataDir(name), dataDir(name).resolve("member").resolve("wal"), snapshotCount, 5, 5),
        new MemberConfig.Listening(
            List.of(peer(name)), List.of(client(name)), List.of(client(name))),
        new MemberConfig.Raft(electionTimeout.dividedBy(10), electionTimeout, true, true),
        new MemberConfig.Founding(cluster, List.of(peer(name)), "token", existing, force),
        new MemberConfig.Features(MemberConfig.StrictReconfigCheck.UNSAID, true, "3.4.0", "warn"),
        List.of());
  }

  Path dataDir(String name) {
    return folder.resolve(name);
  }

  /** Starts it; throws what the start throws. */
  RunningMember start(MemberConfig config) {
    endings.remove(config.name());
    RunningMember member =
        RunningMember.start(
            config, ending -> endings.put(config.name(), ending), clock(config.name()));
    running.put(config.name(), member);
    return member;
  }

  /** Starts founders of one cluster, side by side as processes would. */
  void found(String... names) {
    Map<String, List<String>> cluster = cluster(names);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (String name : names) {
      client(name);
    }
    for (String name : names) {
      MemberConfig config = config(name, cluster, false);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      RunningMember member =
                          RunningMember.start(
                              config, ending -> endings.put(name, ending), clock(name));
                      synchronized (running) {
                        running.put(name, member);
                      }
                    } catch (RuntimeException failure) {
                      failures.add(failure);
                    }
                  }));
    }
    threads.forEach(LocalMembers::join);
    if (!failures.isEmpty()) {
      throw new IllegalStateException("members did not start", failures.getFirst());
    }
    for (String name : names) {
      awaitReady(name);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  RunningMember get(String name) {
    RunningMember member = running.get(name);
    if (member == null) {
      throw new IllegalStateException(name + " does not run");
    }
    return member;
  }

  Membership membership(String name) {
    return get(name).parts().stores().members().current();
  }

  MemberId id(String name) {
    return membership(name).localId();
  }

  /** Published to the cluster, which has a leader and a version. */
  void awaitReady(String name) {
    await(
        name + " is ready",
        () ->
            membership(name).local().filter(self -> !self.clientUrls().isEmpty()).isPresent()
                && membership(name).clusterVersion().isPresent());
  }

  void awaitEnding(String name, Ending expected) {
    await(name + " ends", () -> expected.equals(endings.get(name)));
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /** Leaves everything alone for a while. */
  static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  /** Proposes at that member until it is decided. */
  Outcome propose(String name, Command command) {
    try {
      return get(name)
          .parts()
          .consensus()
          .proposals()
          .propose(command)
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .outcome();
    } catch (ExecutionException | TimeoutException failure) {
      throw new AssertionError("proposal to " + name + ": " + command, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  void put(String name, String key, String value) {
    Outcome outcome =
        propose(
            name, new TreeCommand.Set(Bytes.utf8("/1/" + key), false, Bytes.utf8(value), 0, false));
    if (!(outcome instanceof Outcome.TreeChanged)) {
      throw new AssertionError(key + ": " + outcome);
    }
  }

  /** What that member itself has, without asking others. */
  boolean has(String name, String key) {
    return get(name).parts().stores().tree().view().get(Bytes.utf8("/1/" + key), false, false)
        instanceof Outcome.TreeChanged;
  }

  /** Who leads, as that member sees it. */
  MemberId leader(String name) {
    return get(name).parts().consensus().facts().leader();
  }

  /** The name of the member that leads, when all running ones agree on it. */
  String leaderName() {
    List<String> names = new ArrayList<>();
    await(
        "a leader",
        () -> {
          names.clear();
          for (String name : running.keySet()) {
            MemberId leader = leader(name);
            running.keySet().stream().filter(one -> id(one).equals(leader)).forEach(names::add);
          }
          return names.size() == running.size() && names.stream().distinct().count() == 1;
        });
    return names.getFirst();
  }

  void stop(String name) {
    get(name).stop();
    running.remove(name);
  }

  /**
   * The same, and returns when the others know who leads now: what is forwarded to a leader that is
   * gone has an unknown fate, here as in etcd.
   */
  void stopAndAwaitLeader(String name) {
    stop(name);
    leaderName();
  }

  /** Takes the disk away from a stopped member. */
  void wipe(String name) throws IOException {
    try (Stream<Path> files = Files.walk(dataDir(name))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  boolean hasLog(String name) {
    return new Storage.Place(
            DataDir.of(config(name, cluster(name), false).storage()),
            new RealDisk(),
            new SystemClock(),
            LogLimits.DEFAULT)
        .hasLog();
  }

  void requirePortsFree(String name) throws IOException {
    for (String use : List.of(" peer", " client")) {
      new ServerSocket(port(name + use), 1, InetAddress.getLoopbackAddress()).close();
    }
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }
}
