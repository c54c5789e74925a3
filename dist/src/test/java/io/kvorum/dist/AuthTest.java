// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Users, roles and the switch of authentication, set at one member, hold at every member: at once,
 * when the leader was killed, after a restart of all, and at a member that a snapshot caught up.
 */
class AuthTest {
  private static final Duration READY = Duration.ofSeconds(60);

  /** How far behind a member may be that was just written to elsewhere. */
  private static final Duration CATCH_UP = Duration.ofSeconds(30);

  private static final int WRITERS = 8;

  private static final Header FORM =
      new Header("Content-Type", "application/x-www-form-urlencoded");

  @TempDir private Path folder;

  @Test
  void usersHoldAtEveryMemberWhateverHappensToIt() throws IOException {
    List<String> flags = List.of("--snapshot-count", "200");
    try (KillCluster cluster = new KillCluster(DistributionUnderTest.find(), folder, flags)) {
      try {
        play(cluster.members());
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + cluster.story(), e);
      }
    }
  }

  private void play(List<Member> members) throws IOException {
    members.forEach(Member::start);
    members.forEach(member -> member.awaitReady(READY));
    Member first = members.get(0);
    put(201, first, "", "/v2/auth/users/root", "{\"user\":\"root\",\"password\":\"r\"}");
    role(first, "", "a");
    put(200, first, "", "/v2/auth/users/a", user("a"));
    put(200, members.get(1), "", "/v2/auth/enable", "");
    put(200, first, "root:r", "/v2/auth/roles/guest", WITHOUT_GUEST_WRITES);
    awaitRules(members, "a");

    Member leader = leader(members);
    leader.stop(Signal.KILL);
    List<Member> left = members.stream().filter(member -> member != leader).toList();
    Await.require("a new leader", READY, () -> left.stream().allMatch(Member::knowsLeader));
    awaitRules(left, "a");
    role(left.get(0), "root:r", "b");
    put(200, left.get(1), "root:r", "/v2/auth/users/b", user("b"));
    leader.start();
    leader.awaitReady(READY);
    awaitRules(members, "b");

    members.forEach(member -> member.stop(Signal.TERM));
    members.forEach(Member::start);
    members.forEach(member -> member.awaitReady(READY));
    awaitRules(members, "a");
    awaitRules(members, "b");

    Member other = leader(members);
    Member away = members.stream().filter(member -> member != other).findFirst().orElseThrow();
    away.stop(Signal.KILL);
    role(other, "root:r", "c");
    put(200, other, "root:r", "/v2/auth/users/c", user("c"));
    fill(other);
    away.start();
    away.awaitReady(READY);
    awaitRules(members, "c");
    assertTrue(hasSnapshot(away), "the member was caught up without a snapshot");
  }

  /**
   * A segment of the log, and then the entries that are kept for slow members: what one that is
   * away needs is not in the log any more.
   */
  private static void fill(Member member) {
    write(member, 70, "value=" + "x".repeat(1 << 20));
    write(member, 5_600, "value=x");
  }

  private static void write(Member member, int writes, String form) {
    AtomicInteger left = new AtomicInteger(writes);
    AtomicInteger done = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Runnable work =
          () -> {
            while (left.getAndDecrement() > 0) {
              if (send(member, "root:r", "PUT", "/v2/keys/fill", form).status() < 300) {
                done.incrementAndGet();
              }
            }
          };
      threads.add(Thread.ofVirtual().start(work));
    }
    threads.forEach(AuthTest::join);
    assertEquals(writes, done.get(), "acknowledged writes");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean hasSnapshot(Member member) throws IOException {
    Path snap = folder.resolve(member.name() + ".etcd").resolve("member").resolve("snap");
    try (Stream<Path> files = Files.list(snap)) {
      return files.anyMatch(file -> file.toString().endsWith(".snap"));
    }
  }

  private static Member leader(List<Member> members) {
    return members.stream()
        .filter(
            member ->
                member
                    .get("/v2/stats/self")
                    .filter(reply -> reply.body().contains("StateLeader"))
                    .isPresent())
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody leads"));
  }

  // --- what is set, and what must follow from it ---

  private static final String WITHOUT_GUEST_WRITES =
      "{\"role\":\"guest\",\"revoke\":{\"kv\":{\"read\":[],\"write\":[\"/*\"]}}}";

  private static void role(Member member, String who, String name) {
    String rights = "{\"kv\":{\"read\":[\"/*\"],\"write\":[\"/%s/*\"]}}".formatted(name);
    String body = "{\"role\":\"%s\",\"permissions\":%s}".formatted(name, rights);
    put(201, member, who, "/v2/auth/roles/" + name, body);
  }

  private static String user(String name) {
    return "{\"user\":\"%s\",\"password\":\"%s\",\"roles\":[\"%s\"]}".formatted(name, name, name);
  }

  private static void awaitRules(List<Member> members, String user) {
    for (Member member : members) {
      Await.require(
          "user " + user + " at " + member.name(),
          CATCH_UP,
          () ->
              isAllowed(member, user + ":" + user, "/v2/keys/" + user + "/k")
                  && !isAllowed(member, "", "/v2/keys/" + user + "/k"));
      requireRules(member, user);
    }
  }

  private static boolean isAllowed(Member member, String who, String target) {
    return send(member, who, "PUT", target, "value=1").status() < 300;
  }

  private static void requireRules(Member member, String user) {
    String who = user + ":" + user;
    requireStatus(401, member, who, "PUT", "/v2/keys/elsewhere");
    requireStatus(401, member, user + ":wrong", "PUT", "/v2/keys/" + user + "/k");
    requireStatus(401, member, "nobody:x", "GET", "/v2/keys/" + user + "/k");
    requireStatus(200, member, who, "GET", "/v2/keys/" + user + "/k");
    requireStatus(401, member, who, "GET", "/v2/auth/users");
    requireStatus(200, member, "root:r", "GET", "/v2/auth/users");
    assertEquals("{\"enabled\":true}\n", send(member, "", "GET", "/v2/auth/enable", "").body());
  }

  private static void requireStatus(
      int status, Member member, String who, String method, String target) {
    HttpReply reply = send(member, who, method, target, method.equals("PUT") ? "value=1" : "");
    assertEquals(status, reply.status(), member.name() + " " + who + " " + target + ": " + reply);
  }

  private static void put(int status, Member member, String who, String target, String body) {
    HttpReply reply = send(member, who, "PUT", target, body);
    assertEquals(status, reply.status(), member.name() + " " + target + ": " + reply);
  }

  private static HttpReply send(
      Member member, String who, String method, String target, String body) {
    String token = Base64.getEncoder().encodeToString(who.getBytes(StandardCharsets.UTF_8));
    List<Header> headers =
        who.isEmpty()
            ? List.of(FORM)
            : List.of(FORM, new Header("Authorization", "Basic " + token));
    return V2.send(member, method, target, headers, body);
  }
}
