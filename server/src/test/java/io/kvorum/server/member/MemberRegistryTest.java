// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Membership.Reason;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Validation, the mirror below {@code /0}, and what a restart finds. */
class MemberRegistryTest {

  private static final MemberId CLUSTER = new MemberId(0xc1);
  private static final MemberId VOTER = new MemberId(0x8000_0000_0000_0001L);
  private static final MemberId LEARNER = new MemberId(2);
  private static final MemberId REMOVED = new MemberId(3);
  private static final MemberId STRANGER = new MemberId(4);

  private final MemoryEngine engine = new MemoryEngine(MemberRegistry.tables());
  private final MemberRegistry members = MemberRegistry.open(engine, CLUSTER, VOTER);

  @BeforeEach
  void aVoterALearnerAndOneWhoWasRemoved() {
    accept(add(VOTER, "http://a:1", false));
    accept(add(REMOVED, "http://r:1", false));
    accept(new MemberCommand.Remove(REMOVED));
    accept(add(LEARNER, "http://l:1", true));
  }

  @Test
  void anAdditionIsRefusedForEachOfItsReasons() {
    assertRefused(Reason.ID_EXISTS, add(VOTER, "http://new:1", false));
    assertRefused(Reason.ID_REMOVED, add(REMOVED, "http://new:1", false));
    assertRefused(Reason.PEER_URL_EXISTS, add(STRANGER, "http://a:1", false));
    assertRefused(
        Reason.PEER_URL_EXISTS,
        new MemberCommand.Add(STRANGER, List.of("http://new:1", "http://l:1"), "", false));
    assertRefused(Reason.TOO_MANY_LEARNERS, add(STRANGER, "http://new:1", true));
  }

  @Test
  void aRemovedIdIsRefusedBeforeAnythingElseIsLookedAt() {
    assertRefused(Reason.ID_REMOVED, add(REMOVED, "http://a:1", true));
  }

  @Test
  void thePlaceOfARemovedMemberIsFreeAgain() {
    accept(add(STRANGER, "http://r:1", false));
  }

  @Test
  void aPromotionNeedsALearner() {
    assertRefused(Reason.NOT_A_LEARNER, new MemberCommand.Promote(VOTER));
    assertRefused(Reason.ID_REMOVED, new MemberCommand.Promote(REMOVED));
    assertRefused(Reason.ID_NOT_FOUND, new MemberCommand.Promote(STRANGER));
    accept(new MemberCommand.Promote(LEARNER));
    assertRefused(Reason.NOT_A_LEARNER, new MemberCommand.Promote(LEARNER));
    accept(add(STRANGER, "http://new:1", true));
  }

  @Test
  void aRemovalNeedsAMember() {
    assertRefused(Reason.ID_REMOVED, new MemberCommand.Remove(REMOVED));
    assertRefused(Reason.ID_NOT_FOUND, new MemberCommand.Remove(STRANGER));
  }

  @Test
  void anUpdateNeedsAMemberAndUrlsOfItsOwn() {
    assertRefused(Reason.ID_REMOVED, new MemberCommand.Update(REMOVED, List.of("http://new:1")));
    assertRefused(Reason.ID_NOT_FOUND, new MemberCommand.Update(STRANGER, List.of("http://new:1")));
    assertRefused(Reason.PEER_URL_EXISTS, new MemberCommand.Update(VOTER, List.of("http://l:1")));
    accept(new MemberCommand.Update(VOTER, List.of("http://a:1", "http://a:2")));
  }

  @Test
  void whoIsNoMemberPublishesNothing() {
    assertRefused(
        Reason.ID_REMOVED, new MemberCommand.Publish(REMOVED, "r", List.of("http://r:2")));
    assertRefused(
        Reason.ID_NOT_FOUND, new MemberCommand.Publish(STRANGER, "s", List.of("http://s:2")));
  }

  @Test
  void aRefusalNamesItsMemberAndWritesNothing() {
    Membership before = members.current();
    Batch batch = new Batch();
    MemberRegistry.Decision decision = members.apply(new MemberCommand.Remove(STRANGER), batch);
    assertFalse(decision.accepted());
    assertEquals(
        new Outcome.Refused(new Refusal.Membership(Reason.ID_NOT_FOUND, STRANGER)),
        decision.outcome());
    assertEquals(List.of(), decision.mirror());
    assertFalse(members.publish());
    assertEquals(before, members.current());
  }

  /** Each mirrored command takes one v2 index: 1 for all but a removal, which takes 2. */
  @Test
  void theMirrorHasTheNodesThatEtcdWrites() {
    assertEquals(
        List.of(create("/0/members/4/raftAttributes", "{\"peerURLs\":[\"http://s:1\"]}")),
        accept(add(STRANGER, "http://s:1", false)));
    assertEquals(
        List.of(
            new TreeCommand.Set(
                Bytes.utf8("/0/members/4/attributes"),
                false,
                Bytes.utf8("{\"name\":\"s\",\"clientURLs\":[\"http://s:2\"]}"),
                0,
                false)),
        accept(new MemberCommand.Publish(STRANGER, "s", List.of("http://s:2"))));
    assertEquals(
        List.of(update("/0/members/4/raftAttributes", "{\"peerURLs\":[\"http://s:3\"]}")),
        accept(new MemberCommand.Update(STRANGER, List.of("http://s:3"))));
    assertEquals(
        List.of(update("/0/members/2/raftAttributes", "{\"peerURLs\":[\"http://l:1\"]}")),
        accept(new MemberCommand.Promote(LEARNER)));
    assertEquals(
        List.of(
            new TreeCommand.Delete(Bytes.utf8("/0/members/4"), true, true),
            create("/0/removed_members/4", "")),
        accept(new MemberCommand.Remove(STRANGER)));
    assertEquals(
        List.of(
            new TreeCommand.Set(Bytes.utf8("/0/version"), false, Bytes.utf8("3.4.0"), 0, false)),
        accept(new MemberCommand.SetClusterVersion("3.4.0")));
  }

  @Test
  void aLearnerIsMirroredAsOne() {
    accept(new MemberCommand.Promote(LEARNER));
    assertEquals(
        List.of(
            create(
                "/0/members/4/raftAttributes",
                "{\"peerURLs\":[\"http://s:1\"],\"isLearner\":true}")),
        accept(add(STRANGER, "http://s:1", true)));
  }

  @Test
  void readersSeeARoundOnlyOnceItIsPublished() {
    Batch batch = new Batch();
    members.apply(add(STRANGER, "http://s:1", false), batch);
    assertEquals(Optional.empty(), members.current().find(STRANGER));
    engine.write(batch);
    assertTrue(members.publish());
    assertTrue(members.current().find(STRANGER).isPresent());
  }

  @Test
  void afterEachChangeARestartFindsTheSame() {
    long seed = 20_260_101;
    SplittableRandom random = new SplittableRandom(seed);
    for (int step = 0; step < 400; step++) {
      Batch batch = new Batch();
      members.apply(anyCommand(random), batch);
      engine.write(batch);
      members.publish();
      assertEquals(
          members.current(),
          MemberRegistry.open(engine, CLUSTER, VOTER).current(),
          "seed " + seed + ", step " + step);
    }
  }

  @Test
  void aReplacedMembershipLeavesNothingOfTheOldOne() {
    accept(new MemberCommand.SetClusterVersion("3.4.0"));
    Membership other =
        new Membership(
            CLUSTER, VOTER, new java.util.TreeMap<>(), java.util.Set.of(LEARNER), Optional.empty());
    Batch batch = new Batch();
    members.replaceAll(other, batch);
    engine.write(batch);
    members.publish();
    assertEquals(other, members.current());
    assertEquals(other, MemberRegistry.open(engine, CLUSTER, VOTER).current());
  }

  private static MemberCommand anyCommand(SplittableRandom random) {
    MemberId id = new MemberId(random.nextLong(12) + 1);
    String url = "http://h" + random.nextInt(9) + ":1";
    return switch (random.nextInt(7)) {
      case 0, 1 -> add(id, url, random.nextBoolean());
      case 2 -> new MemberCommand.Promote(id);
      case 3 -> random.nextInt(4) == 0 ? new MemberCommand.Remove(id) : add(id, url, false);
      case 4 -> new MemberCommand.Update(id, List.of(url));
      case 5 -> new MemberCommand.Publish(id, "n" + random.nextInt(3), List.of(url));
      default -> new MemberCommand.SetClusterVersion("3." + random.nextInt(5) + ".0");
    };
  }

  private List<TreeCommand> accept(MemberCommand command) {
    Batch batch = new Batch();
    MemberRegistry.Decision decision = members.apply(command, batch);
    assertTrue(decision.accepted(), command + ": " + decision.outcome());
    engine.write(batch);
    members.publish();
    return decision.mirror();
  }

  private void assertRefused(Reason reason, MemberCommand command) {
    MemberRegistry.Decision decision = members.apply(command, new Batch());
    assertTrue(
        decision.outcome() instanceof Outcome.Refused(Refusal.Membership(var why, var who))
            && why == reason,
        command + ": " + decision.outcome());
  }

  private static MemberCommand.Add add(MemberId id, String url, boolean learner) {
    return new MemberCommand.Add(id, List.of(url), "", learner);
  }

  private static TreeCommand create(String path, String value) {
    return new TreeCommand.Create(Bytes.utf8(path), false, Bytes.utf8(value), 0);
  }

  private static TreeCommand update(String path, String value) {
    return new TreeCommand.Update(Bytes.utf8(path), Bytes.utf8(value), 0, false);
  }
}
