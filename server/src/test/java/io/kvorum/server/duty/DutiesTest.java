// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.MemberId;
import io.kvorum.env.VirtualWorld;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Membership.Reason;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.consensus.ConsensusFailure.Kind;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.request.BackgroundWork;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Expiry, publishing and the cluster version on virtual time. */
class DutiesTest {

  private static final MemberId SELF = new MemberId(1);
  private static final MemberId SECOND = new MemberId(2);
  private static final MemberId THIRD = new MemberId(3);

  private final VirtualWorld world = new VirtualWorld(new SplittableRandom(1), 1_000_000);
  private final VirtualWorld.Machine machine = world.new Machine();
  private final List<Command> submitted = new ArrayList<>();
  private final Deque<CompletableFuture<Proposals.Applied>> answers = new ArrayDeque<>();
  private final Map<MemberId, Optional<String>> releases = new TreeMap<>();
  private MemberId leader = SELF;
  private Optional<String> version = Optional.empty();
  private final BackgroundWork work =
      new BackgroundWork(this::propose, new Facts(), this::membership);

  // --- expiry ---

  @Test
  void expiryIsProposedOnlyByTheLeaderAndOnlyWhenDue() {
    long[] deadline = {Long.MAX_VALUE};
    new ExpiryDuty(
            work,
            world,
            () ->
                deadline[0] == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(deadline[0]))
        .start(machine);
    world.run(Duration.ofSeconds(2));
    deadline[0] = world.unixNanos() + Duration.ofSeconds(2).toNanos();
    world.run(Duration.ofMillis(1_900));
    assertEquals(List.of(), submitted);
    leader = SECOND;
    world.run(Duration.ofSeconds(2));
    assertEquals(List.of(), submitted);
    leader = SELF;
    world.run(Duration.ofMillis(500));
    assertTrue(
        submitted.getFirst() instanceof TreeCommand.Expire(long upTo)
            && upTo >= deadline[0]
            && upTo <= world.unixNanos());
  }

  @Test
  void oneExpiryIsUnderWayAtATimeAndAFailedOneIsTriedAgain() {
    CompletableFuture<Proposals.Applied> slow = new CompletableFuture<>();
    answers.add(slow);
    new ExpiryDuty(work, world, () -> OptionalLong.of(1)).start(machine);
    world.run(Duration.ofSeconds(3));
    assertEquals(1, submitted.size());
    slow.completeExceptionally(new ConsensusFailure(Kind.TIMEOUT, true));
    world.run(Duration.ofMillis(500));
    assertEquals(2, submitted.size());
  }

  // --- cluster version ---

  @Test
  void theLowestReleaseOfAllIsChosen() {
    releases.put(SECOND, Optional.of("3.5.9"));
    releases.put(THIRD, Optional.of("3.4.23"));
    decide("3.7.1", "3.7.0");
    assertEquals(List.of("3.4.0"), versions());
  }

  @Test
  void theConfiguredBoundIsNotExceeded() {
    releases.put(SECOND, Optional.of("3.7.4"));
    releases.put(THIRD, Optional.of("4.0.0"));
    decide("3.7.1", "3.4.0");
    assertEquals(List.of("3.4.0"), versions());
  }

  @Test
  void theOwnReleaseIsNotExceeded() {
    releases.put(SECOND, Optional.of("3.9.4"));
    releases.put(THIRD, Optional.of("4.0.0"));
    decide("3.7.1", "9.9.0");
    assertEquals(List.of("3.7.0"), versions());
  }

  @Test
  void whileSomebodyIsSilentADecidedVersionStays() {
    version = Optional.of("3.0.0");
    releases.put(SECOND, Optional.of("3.5.0"));
    decide("3.7.1", "3.4.0");
    assertEquals(List.of(), versions());
  }

  @Test
  void theFirstDecisionFallsBackWhenSomebodyStaysSilent() {
    releases.put(SECOND, Optional.of("3.5.0"));
    duty("3.7.1", "3.4.0", false);
    world.run(Duration.ofSeconds(2));
    assertEquals(List.of(), versions());
    world.run(Duration.ofMillis(1_500));
    assertEquals(List.of("3.0.0"), versions());
  }

  /** A host that is gone takes the whole patience of each question, not an immediate refusal. */
  @Test
  void slowSilenceDoesNotDelayTheFirstDecisionByAllItsPatience() {
    releases.put(SECOND, Optional.of("3.5.0"));
    duty("3.7.1", "3.4.0", true);
    world.run(Duration.ofSeconds(5));
    assertEquals(List.of("3.0.0"), versions());
  }

  @Test
  void theVersionIsOnlyEverRaised() {
    version = Optional.of("3.4.0");
    releases.put(SECOND, Optional.of("3.3.1"));
    releases.put(THIRD, Optional.of("3.4.1"));
    decide("3.7.1", "3.7.0");
    assertEquals(List.of(), versions());
    releases.put(SECOND, Optional.of("3.5.1"));
    releases.put(THIRD, Optional.of("3.5.2"));
    world.run(Duration.ofSeconds(5));
    assertEquals("3.5.0", versions().getFirst());
  }

  @Test
  void aFollowerDecidesNothing() {
    leader = SECOND;
    releases.put(SECOND, Optional.of("3.5.9"));
    releases.put(THIRD, Optional.of("3.4.23"));
    decide("3.7.1", "3.4.0");
    assertEquals(List.of(), submitted);
  }

  // --- publishing ---

  @Test
  void publishingGoesOnUntilItHasWorked() {
    answers.add(failed(Kind.TIMEOUT));
    answers.add(failed(Kind.TOO_MANY_REQUESTS));
    answers.add(answered(new Outcome.Refused(new Refusal.Membership(Reason.ID_NOT_FOUND, SELF))));
    AtomicInteger published = new AtomicInteger();
    PublishDuty duty = publish(published);
    duty.start();
    assertEquals(1, submitted.size(), "a failure at once must not spin");
    world.run(Duration.ofSeconds(10));
    assertEquals(4, submitted.size());
    assertEquals(1, published.get());
  }

  @Test
  void aRemovedMemberHasNothingToTell() {
    answers.add(answered(new Outcome.Refused(new Refusal.Membership(Reason.ID_REMOVED, SELF))));
    AtomicInteger published = new AtomicInteger();
    publish(published).start();
    world.run(Duration.ofSeconds(10));
    assertEquals(1, submitted.size());
    assertEquals(0, published.get());
  }

  @Test
  void aStoppedDutyDoesNotTryAgain() {
    answers.add(failed(Kind.STOPPED));
    AtomicInteger published = new AtomicInteger();
    PublishDuty duty = publish(published);
    duty.start();
    duty.stop();
    world.run(Duration.ofSeconds(10));
    assertEquals(1, submitted.size());
    assertFalse(published.get() > 0);
  }

  private PublishDuty publish(AtomicInteger published) {
    return new PublishDuty(
        work,
        machine,
        new MemberCommand.Publish(SELF, "a", List.of("http://a:2")),
        published::incrementAndGet);
  }

  private void decide(String own, String max) {
    duty(own, max, false);
    world.run(Duration.ofMillis(600));
  }

  private void duty(String own, String max, boolean slow) {
    new ClusterVersionDuty(
            work,
            member -> {
              Optional<String> release = releases.getOrDefault(member.id(), Optional.empty());
              CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
              world.after(
                  slow && release.isEmpty() ? 1_000_000_000L : 1_000_000L,
                  () -> answer.complete(release));
              return answer;
            },
            own,
            max)
        .start(machine);
  }

  private List<String> versions() {
    return submitted.stream()
        .map(command -> ((MemberCommand.SetClusterVersion) command).version())
        .distinct()
        .toList();
  }

  private CompletableFuture<Proposals.Applied> propose(Command command) {
    submitted.add(command);
    CompletableFuture<Proposals.Applied> next = answers.poll();
    if (next == null && command instanceof MemberCommand.SetClusterVersion(String chosen)) {
      version = Optional.of(chosen);
    }
    return next == null ? answered(new Outcome.Done()) : next;
  }

  private static CompletableFuture<Proposals.Applied> answered(Outcome outcome) {
    return CompletableFuture.completedFuture(new Proposals.Applied(outcome, 5, 1));
  }

  private static CompletableFuture<Proposals.Applied> failed(Kind kind) {
    return CompletableFuture.failedFuture(new ConsensusFailure(kind, true));
  }

  private Membership membership() {
    TreeMap<MemberId, Member> members = new TreeMap<>();
    for (MemberId id : List.of(SELF, SECOND, THIRD)) {
      members.put(id, new Member(id, "m", List.of("http://m" + id + ":1"), List.of(), false));
    }
    return new Membership(new MemberId(9), SELF, members, Set.of(), version);
  }

  private final class Facts implements ConsensusFacts {
    @Override
    public MemberId leader() {
      return leader;
    }

    @Override
    public Role role() {
      return leader.equals(SELF) ? Role.LEADER : Role.FOLLOWER;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public long appliedIndex() {
      return 5;
    }

    @Override
    public long committedIndex() {
      return 5;
    }
  }
}
