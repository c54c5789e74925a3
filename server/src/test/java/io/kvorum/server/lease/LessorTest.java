// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.env.VirtualWorld;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.LeaseCommand.Checkpoint;
import io.kvorum.server.command.LeaseCommand.Grant;
import io.kvorum.server.command.LeaseCommand.Remaining;
import io.kvorum.server.command.LeaseCommand.Revoke;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One lessor over a log that applies at once, on virtual time. */
class LessorTest {

  private final VirtualWorld world = new VirtualWorld(new SplittableRandom(1), 1_000_000);
  private final VirtualWorld.Machine machine = world.new Machine();
  private final MemoryEngine engine = new MemoryEngine(LeaseStore.tables());
  private final LeaseStore store = LeaseStore.open(engine, 2);
  private final List<LeaseCommand> submitted = new ArrayList<>();
  private final List<LeaseCommand> held = new ArrayList<>();
  private long term = 1;
  private boolean failing;
  private boolean holding;
  private LeaseAuthority.Checkpoints checkpoints = LeaseAuthority.Checkpoints.WRITTEN;

  private final AttachedKeys keys =
      new AttachedKeys() {
        @Override
        public void delete(long lease, Batch batch) {}

        @Override
        public long revision() {
          return 1;
        }
      };

  private final LeaseAuthority authority =
      new LeaseAuthority() {
        @Override
        public long term() {
          return term;
        }

        @Override
        public boolean hasAppliedOf(long asked) {
          return asked == term;
        }

        @Override
        public Checkpoints checkpoints() {
          return checkpoints;
        }

        @Override
        public CompletableFuture<Outcome> submit(LeaseCommand command, long inTerm) {
          submitted.add(command);
          assertEquals(term, inTerm, "into no other term");
          if (holding) {
            held.add(command);
            return new CompletableFuture<>();
          }
          return failing
              ? CompletableFuture.failedFuture(new IllegalStateException("no quorum"))
              : CompletableFuture.completedFuture(apply(command));
        }
      };

  private final Lessor lessor =
      new Lessor(
          store,
          authority,
          Pace.of(Duration.ofSeconds(1)),
          world,
          machine,
          machine,
          failure -> {
            throw new AssertionError(failure);
          });

  private Outcome apply(LeaseCommand command) {
    Batch batch = new Batch();
    Outcome outcome = store.apply(command, keys, batch);
    engine.write(batch);
    store.publish();
    lessor.changed(store.takeChanges());
    return outcome;
  }

  private boolean stands(long id) {
    return store.find(id).isPresent();
  }

  private <T> T now(CompletableFuture<T> answer) {
    world.run(Duration.ofMillis(50));
    assertTrue(answer.isDone());
    return answer.join();
  }

  private void run(long seconds) {
    world.run(Duration.ofSeconds(seconds));
  }

  @Test
  void aLeaseEndsWhenItsTimeIsOverAndSoonAfter() {
    run(1);
    apply(new Grant(7, 10));
    run(10);
    assertTrue(stands(7));
    run(1);
    assertFalse(stands(7));
    assertEquals(List.of(new Revoke(7)), submitted);
  }

  @Test
  void aRenewedLeaseGoesOn() {
    run(1);
    apply(new Grant(7, 10));
    for (int i = 0; i < 5; i++) {
      run(7);
      assertEquals(new Renewal.Renewed(10), now(lessor.renew(7)));
    }
    assertTrue(stands(7));
    assertEquals(new Renewal.Unknown(), now(lessor.renew(8)));
    TimeLeft left = now(lessor.timeLeft(7));
    assertTrue(
        left instanceof TimeLeft.Known(long granted, long millis)
            && granted == 10
            && millis > 9_500
            && millis < 10_000,
        left::toString);
    assertEquals(new TimeLeft.Unknown(), now(lessor.timeLeft(8)));
    run(11);
    assertFalse(stands(7));
  }

  @Test
  void whoDoesNotLeadCountsNothing() {
    term = 0;
    apply(new Grant(7, 2));
    run(60);
    assertTrue(stands(7));
    assertEquals(new Renewal.NotLeading(), now(lessor.renew(7)));
    assertEquals(new TimeLeft.NotLeading(), now(lessor.timeLeft(7)));
    assertEquals(1, now(lessor.all()).length);
    assertEquals(List.of(), submitted);
  }

  @Test
  void aNewLeaderGivesFullTimeAndSomePatience() {
    term = 0;
    apply(new Grant(7, 10));
    run(60);
    term = 2;
    run(10);
    assertTrue(stands(7));
    run(2);
    assertFalse(stands(7));
  }

  @Test
  void aRevocationThatFailsIsTriedAgainAndWhoRenewsWaitsForIt() {
    failing = true;
    run(1);
    apply(new Grant(7, 2));
    run(3);
    assertTrue(stands(7));
    CompletableFuture<Renewal> renewal = lessor.renew(7);
    run(1);
    assertFalse(renewal.isDone(), "it is over, but not gone");
    failing = false;
    run(3);
    assertFalse(stands(7));
    assertEquals(new Renewal.Over(), renewal.join());
    assertEquals(2, submitted.size());
  }

  @Test
  void whoWaitsHearsOfTheLostLead() {
    failing = true;
    run(1);
    apply(new Grant(7, 2));
    run(3);
    CompletableFuture<Renewal> renewal = lessor.renew(7);
    run(1);
    term = 0;
    run(1);
    assertEquals(new Renewal.NotLeading(), renewal.join());
  }

  @Test
  void whatIsLeftIsWrittenDownEveryFiveMinutesAndAnElectionGoesOnFromThere() {
    run(1);
    apply(new Grant(7, 1_000));
    run(301);
    assertEquals(List.of(new Checkpoint(List.of(new Remaining(7, 700)))), submitted);
    assertEquals(700, store.find(7).orElseThrow().remainingSeconds());
    term = 2;
    run(650);
    assertTrue(stands(7));
    run(60);
    assertFalse(stands(7), "its full time would last longer");
  }

  @Test
  void aRenewalIsAnsweredOnceWhatWasWrittenDownIsTakenBack() {
    run(1);
    apply(new Grant(7, 1_000));
    run(301);
    holding = true;
    CompletableFuture<Renewal> renewal = lessor.renew(7);
    run(1);
    assertFalse(renewal.isDone(), "another leader would still begin with less");
    assertEquals(List.of(new Checkpoint(List.of(new Remaining(7, 0)))), held);
    holding = false;
    assertEquals(new Renewal.Renewed(1_000), now(lessor.renew(7)));
    assertEquals(0, store.find(7).orElseThrow().remainingSeconds());
    int before = submitted.size();
    assertEquals(new Renewal.Renewed(1_000), now(lessor.renew(7)));
    assertEquals(before, submitted.size(), "nothing to take back any more");
  }

  @Test
  void amongGenuineMembersNothingIsWrittenDownAndWhatWasIsTakenBack() {
    run(1);
    apply(new Grant(7, 1_000));
    run(301);
    checkpoints = LeaseAuthority.Checkpoints.UNWANTED;
    run(1);
    assertEquals(0, store.find(7).orElseThrow().remainingSeconds());
    submitted.clear();
    run(500);
    assertEquals(List.of(), submitted);
  }

  @Test
  void aLastWordOfTheLeaderBeforeIsTakenBackToo() {
    run(1);
    apply(new Grant(7, 1_000));
    run(1);
    apply(new Checkpoint(List.of(new Remaining(7, 10))));
    run(1);
    assertEquals(List.of(new Checkpoint(List.of(new Remaining(7, 0)))), submitted);
    assertEquals(0, store.find(7).orElseThrow().remainingSeconds());
  }

  @Test
  void manyThatAreOverAreRevokedAtABoundedRate() {
    run(1);
    for (long id = 1; id <= 5_000; id++) {
      apply(new Grant(id, 2));
    }
    run(3);
    int first = submitted.size();
    assertTrue(first > 300 && first <= 1_600, first + " in about a second");
    run(1);
    assertTrue(submitted.size() - first <= 1_100);
    run(5);
    assertEquals(5_000, submitted.size());
  }
}
