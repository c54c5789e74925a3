// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.member.MemberIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does after a disaster, on whole members with real disks and sockets. */
@Timeout(180)
class RecoveryTest {

  @TempDir Path folder = Path.of("");
  private LocalMembers members = new LocalMembers(Path.of(""));

  @BeforeEach
  void folders() {
    members = new LocalMembers(folder);
  }

  @AfterEach
  void stopAll() {
    members.close();
  }

  @Test
  void theLastOfThreeGoesOnAloneAndGrowsAgain() throws IOException {
    members.found("a", "b", "c");
    members.put("b", "before", "1");
    LocalMembers.await("a has it", () -> members.has("a", "before"));
    MemberId self = members.id("a");
    MemberId cluster = members.membership("a").clusterId();
    List.of("a", "b", "c").forEach(members::stop);
    members.start(members.config("a", members.cluster("a", "b", "c"), false, true));
    members.awaitReady("a");
    assertEquals(Set.of(self), members.membership("a").members().keySet());
    assertEquals(cluster, members.membership("a").clusterId());
    members.put("a", "alone", "2");
    members.stop("a");
    members.start(members.config("a", members.cluster("a", "b", "c"), false));
    members.awaitReady("a");
    assertEquals(Set.of(self), members.membership("a").members().keySet(), "also later");
    members.wipe("b");
    MemberId again = add("b");
    members.start(members.config("b", members.cluster("a", "b"), true));
    members.awaitReady("b");
    assertEquals(again, members.id("b"));
    assertTrue(members.has("b", "before"));
    assertTrue(members.has("b", "alone"));
  }

  /** Without being told, a former member must not disturb those who went on. */
  @Test
  void aMemberThatWasLeftBehindByAForcedClusterEndsAsRemoved() {
    members.found("a", "b", "c");
    members.put("a", "before", "1");
    List.of("a", "b", "c").forEach(members::stop);
    members.start(members.config("a", members.cluster("a", "b", "c"), false, true));
    members.awaitReady("a");
    members.put("a", "after", "2");
    members.start(members.config("b", members.cluster("a", "b", "c"), false));
    members.awaitEnding("b", new Ending.Removed());
    members.put("a", "still", "3");
    assertEquals(members.id("a"), members.leader("a"));
  }

  @Test
  void aDeadMemberIsReplacedAndTheClusterStandsAnotherLoss() {
    members.found("a", "b", "c");
    MemberId dead = members.id("c");
    members.stopAndAwaitLeader("c");
    members.put("a", "while-dead", "1");
    assertInstanceOf(Outcome.Done.class, members.propose("a", new MemberCommand.Remove(dead)));
    add("d");
    members.start(members.config("d", members.cluster("a", "b", "d"), true));
    members.awaitReady("d");
    assertTrue(members.has("d", "while-dead"));
    members.stopAndAwaitLeader("b");
    members.put("a", "two-of-three", "2");
    LocalMembers.await("d has it", () -> members.has("d", "two-of-three"));
    // the dead one rises again and learns that it is out
    members.start(members.config("c", members.cluster("a", "b", "c"), false));
    members.awaitEnding("c", new Ending.Removed());
  }

  /** Behind by more than the log holds: only a snapshot helps. */
  @Test
  void aMemberThatWasAwayForLongIsCaughtUpByASnapshotAndGoesOnFromIt() throws Exception {
    members.snapshotAfter(1_000);
    members.found("a", "b", "c");
    long lastOfC = members.get("c").parts().consensus().facts().appliedIndex();
    members.stopAndAwaitLeader("c");
    assertFalse(hasSnapshot("c"));
    String megabyte = "m".repeat(1 << 20);
    for (int i = 0; i < 70; i++) {
      members.put("a", "big", megabyte);
    }
    fill(6_500);
    for (String name : List.of("a", "b")) {
      LocalMembers.await(
          name + " lets the log go", () -> members.get(name).parts().firstLogIndex() > lastOfC);
    }
    members.start(members.config("c", members.cluster("a", "b", "c"), false));
    LocalMembers.await("c has the last key", () -> members.has("c", "k6499"));
    assertTrue(hasSnapshot("c"), "it was caught up by the log alone");
    assertEquals(members.membership("a").members(), members.membership("c").members());
    members.put("c", "after", "1");
    members.stopAndAwaitLeader("c");
    members.start(members.config("c", members.cluster("a", "b", "c"), false));
    members.awaitReady("c");
    assertTrue(members.has("c", "k0"));
    assertTrue(members.has("c", "after"));
    members.stopAndAwaitLeader("a");
    members.put("c", "without-a", "1");
    LocalMembers.await("b has it", () -> members.has("b", "without-a"));
  }

  private boolean hasSnapshot(String name) throws IOException {
    Path snap = members.dataDir(name).resolve("member").resolve("snap");
    if (!Files.isDirectory(snap)) {
      return false;
    }
    try (Stream<Path> files = Files.list(snap)) {
      return files.anyMatch(file -> file.toString().endsWith(".snap"));
    }
  }

  /** Many small writes at once. */
  private void fill(int count) throws Exception {
    Proposals proposals = members.get("a").parts().consensus().proposals();
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      writes.add(
          proposals.propose(
              new TreeCommand.Set(Bytes.utf8("/1/k" + i), false, Bytes.utf8("v" + i), 0, false)));
      if (writes.size() == 500) {
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        writes.clear();
      }
    }
    CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
  }

  private MemberId add(String name) {
    List<String> urls = List.of(members.peer(name));
    MemberId id = MemberIds.atRunTime(urls, 1_700_000_000);
    assertInstanceOf(
        Outcome.Done.class, members.propose("a", new MemberCommand.Add(id, urls, "", false)));
    return id;
  }
}
