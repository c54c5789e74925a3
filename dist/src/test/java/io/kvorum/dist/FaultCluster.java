// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Real members, each on a host, a disk and a clock of its own that can be hurt. Members are
 * numbered from 1. Changed by one thread; {@link #members} may be read by any.
 */
final class FaultCluster implements AutoCloseable {
  static final Duration READY = Duration.ofMinutes(2);

  /** Debian's place for it; a member that does not use libc's clock is not reached by it. */
  private static final Path FAKE_TIME =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

  private final List<Distribution> programs;
  private final Distribution ours;
  private final Path folder;
  private final FaultNetwork network;
  private final int clientPort = FreePort.find();
  private final int peerPort = FreePort.find();
  private final List<FaultDisk> disks = new ArrayList<>();
  private final List<Member> members = new CopyOnWriteArrayList<>();

  /**
   * @param programs which kind each member is of
   * @param ours the kind whose clock can be moved
   * @param onHosts whether each gets a host and a disk; else all share this machine's
   */
  FaultCluster(Path folder, List<Distribution> programs, Distribution ours, boolean onHosts) {
    this.folder = folder;
    this.programs = List.copyOf(programs);
    this.ours = ours;
    network =
        onHosts
            ? FaultNetwork.open(folder, programs.size())
            : FaultNetwork.loopback(folder, programs.size());
    try {
      for (int i = 1; i <= programs.size(); i++) {
        String name = "m" + i;
        disks.add(onHosts ? FaultDisk.open(folder, name) : FaultDisk.folder(folder, name));
        setClock(i, Duration.ZERO);
        members.add(member(i, "new"));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private Member member(int number, String state) {
    Distribution program = programs.get(number - 1);
    List<String> command = new ArrayList<>(network.enter(number));
    command.add("env");
    if (hasClock(number)) {
      command.addAll(
          List.of(
              "LD_PRELOAD=" + FAKE_TIME,
              "FAKETIME_TIMESTAMP_FILE=" + clockFile(number),
              "FAKETIME_DONT_FAKE_MONOTONIC=1",
              "DONT_FAKE_MONOTONIC=1",
              "FAKETIME_CACHE_DURATION=1",
              // its mending of timed waits makes those of a JVM return at once
              "FAKETIME_FORCE_MONOTONIC_FIX=0"));
    }
    command.add(program.etcd().toString());
    command.addAll(program.etcdArguments());
    String client = "http://%s:%d".formatted(network.address(number), clientPort);
    command.addAll(
        List.of(
            "--name",
            "m" + number,
            "--data-dir",
            disk(number).data().toString(),
            "--snapshot-count",
            "3000",
            "--listen-client-urls",
            client,
            "--advertise-client-urls",
            client,
            "--listen-peer-urls",
            peerUrl(number),
            "--initial-advertise-peer-urls",
            peerUrl(number),
            "--initial-cluster",
            initialCluster(),
            "--initial-cluster-state",
            state));
    InetSocketAddress address = new InetSocketAddress(network.address(number), clientPort);
    return new Member("m" + number, command, Map.of(), folder, address);
  }

  private String initialCluster() {
    List<String> all = new ArrayList<>();
    for (int i = 1; i <= programs.size(); i++) {
      all.add("m" + i + "=" + peerUrl(i));
    }
    return String.join(",", all);
  }

  private String peerUrl(int number) {
    return "http://%s:%d".formatted(network.address(number), peerPort);
  }

  void start() {
    members.forEach(Member::start);
    members.forEach(member -> member.awaitReady(READY));
  }

  int size() {
    return programs.size();
  }

  List<Member> members() {
    return members;
  }

  Member member(int number) {
    return members.get(number - 1);
  }

  FaultDisk disk(int number) {
    return disks.get(number - 1);
  }

  FaultNetwork network() {
    return network;
  }

  boolean isOurs(int number) {
    return programs.get(number - 1).equals(ours);
  }

  /** Whether the member's clock can be moved. */
  boolean hasClock(int number) {
    return isOurs(number) && Files.exists(FAKE_TIME);
  }

  /** From now on its wall clock is so far ahead of ours, or behind it. */
  void setClock(int number, Duration ahead) {
    try {
      Files.writeString(clockFile(number), "%+d\n".formatted(ahead.toSeconds()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path clockFile(int number) {
    return folder.resolve("m" + number + ".clock");
  }

  /** Who says it leads. */
  Optional<Integer> leader() {
    for (int i = 1; i <= size(); i++) {
      if (member(i)
          .get("/v2/stats/self")
          .filter(reply -> reply.body().contains("\"StateLeader\""))
          .isPresent()) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** Starts what does not run, and waits for all. */
  void recover() {
    for (Member member : members) {
      if (!member.isAlive()) {
        member.start();
      }
    }
    members.forEach(member -> member.awaitReady(READY));
  }

  /** Removes a member, takes its data away and adds it again, with a new id. */
  void replace(int number) {
    Member asked = members.get(number % size());
    String id = id(asked, number);
    change(asked, "DELETE", "/v2/members/" + id, "", 204);
    if (member(number).isAlive() && member(number).awaitExit(READY).isEmpty()) {
      throw new AssertionError("was removed and does not end: " + member(number).story());
    }
    disk(number).wipe();
    String body = "{\"peerURLs\":[\"%s\"]}".formatted(peerUrl(number));
    change(asked, "POST", "/v2/members", body, 201);
    Member fresh = member(number, "existing");
    members.set(number - 1, fresh);
    fresh.start();
    fresh.awaitReady(READY);
  }

  /** Members that count the others as unhealthy, or have just elected, say no for a while. */
  private static void change(
      Member asked, String method, String target, String body, int expected) {
    Header json = new Header("Content-Type", "application/json");
    String[] last = {""};
    boolean done =
        Await.until(
            Duration.ofSeconds(60),
            () -> {
              HttpReply reply = V2.send(asked, method, target, List.of(json), body);
              last[0] = reply.status() + " " + reply.body();
              // a change whose first answer got lost is answered so when it is asked for again
              boolean before = reply.status() == (method.equals("POST") ? 409 : 410);
              return reply.status() == expected || before;
            });
    if (!done) {
      throw new AssertionError(method + " " + target + " at " + asked.name() + ": " + last[0]);
    }
  }

  private String id(Member asked, int number) {
    HttpReply reply = asked.get("/v2/members").orElseThrow();
    return Json.parse(reply.body()).items("members").stream()
        .filter(entry -> entry.strings("peerURLs").contains(peerUrl(number)))
        .findFirst()
        .flatMap(entry -> entry.string("id"))
        .orElseThrow(() -> new AssertionError("m" + number + " is not in " + reply.body()));
  }

  String story() {
    return members.stream().map(Member::story).collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    disks.forEach(FaultDisk::thaw);
    members.forEach(member -> member.signal(Signal.CONT));
    members.forEach(Member::close);
    disks.forEach(FaultDisk::close);
    network.close();
  }
}
