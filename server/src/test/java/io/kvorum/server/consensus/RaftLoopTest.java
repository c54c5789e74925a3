// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftConfig;
import io.kvorum.raft.RaftCore;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.raft.StartState;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.observe.Sparingly;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One of two members, with the other one played by the test. */
class RaftLoopTest {

  private static final long SELF = 1;
  private static final long OTHER = 2;

  private final TestClock clock = new TestClock();
  private final Waiters waiters = new Waiters(1_000, new io.kvorum.server.observe.Counter());
  private final FactsBoard facts = new FactsBoard(1, 0, seen -> {});
  private final SilentPeers peers = new SilentPeers();
  private final TestWorker<RaftEvent> inbox = new TestWorker<>(10_000);
  private final RequestIds ids = new RequestIds(SELF, 1, 0);
  private final ProposalQueue proposals =
      new ProposalQueue(10_000, () -> inbox.put(new RaftEvent.ProposalsWaiting()));
  private final Outlets outlets = new Outlets();
  private final RaftLoop loop =
      new RaftLoop(
          new RaftCore(
              RaftConfig.of(SELF),
              new StartState(
                  new HardState(1, 0, 0),
                  ConfState.of(List.of(SELF, OTHER), List.of()),
                  LogPosition.ZERO,
                  LogPosition.ZERO,
                  List.of(),
                  LogPosition.ZERO),
              new SplittableRandom(1)),
          proposals,
          new ReadRounds(clock, ids, facts, 10, () -> {}),
          waiters,
          facts,
          outlets,
          new Timekeeper(clock, Duration.ofSeconds(7), Duration.ofSeconds(1), peers),
          1 << 20);

  @Test
  void proposalsWaitForALeaderAndAreForwardedOnce() {
    propose();
    propose();
    deliver();
    assertEquals(0, forwarded());
    heartbeat();
    assertEquals(2, forwarded());
    heartbeat();
    assertEquals(2, forwarded());
  }

  @Test
  void aProposalWhoseWaiterIsGoneIsNotKeptUntilALeaderComes() {
    for (int second = 0; second < 20; second++) {
      for (int i = 0; i < 10; i++) {
        propose();
      }
      deliver();
      clock.pass(Duration.ofSeconds(1));
      loop.handle(List.of(new RaftEvent.Ticked()));
    }
    assertTrue(waiters.count() <= 80, "waiters: " + waiters.count());
    assertEquals(waiters.count(), loop.held());
    heartbeat();
    assertEquals(waiters.count(), forwarded());
    assertEquals(0, loop.held());
  }

  @Test
  void aTermThatCanNotBeTrueNeverReachesTheCore() {
    facts.leadership(new Effects.Leadership(Effects.Role.FOLLOWER, 0, 7), 0);
    List<Long> lies =
        List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, 8 + PlausibleTerm.LEAP_MAX);
    for (long term : lies) {
      door().received(new Message.Heartbeat(SELF, OTHER, term, 1, Bytes.EMPTY));
    }
    assertEquals(List.of(), inbox.items);
    for (long term : List.of(0L, 6L, 8L, 7 + PlausibleTerm.LEAP_MAX)) {
      door().received(new Message.Heartbeat(SELF, OTHER, term, 1, Bytes.EMPTY));
    }
    assertEquals(4, inbox.items.size());
    facts.leadership(new Effects.Leadership(Effects.Role.FOLLOWER, 0, 0), 0);
    long high = PlausibleTerm.TERM_MAX - 1;
    door().received(new Message.Heartbeat(SELF, OTHER, high, 1, Bytes.EMPTY));
    assertEquals(5, inbox.items.size(), "one that joins can not know better");
  }

  private RaftInbox door() {
    SnapshotFiles files = new SnapshotFiles(new io.kvorum.env.CrashDisk(), Path.of("/snap"));
    return new RaftInbox(
        inbox, waiters, facts, new SnapshotExchange(files, peers), new Sparingly(clock));
  }

  @Test
  void aSnapshotWithoutItsStateNeverReachesTheCore() {
    door()
        .received(
            new Message.InstallSnapshot(
                SELF,
                OTHER,
                2,
                new SnapshotMetadata(
                    new LogPosition(2, 9), ConfState.of(List.of(SELF, OTHER), List.of()))));
    assertEquals(List.of(), inbox.items);
  }

  /** What a leader decided must not come into the log of the next one. */
  @Test
  void whatOnlyALeaderMayProposeIsNeverForwarded() {
    CompletableFuture<Proposals.Applied> answer =
        new Proposer(clock, ids, waiters, proposals, 1 << 20)
            .propose(new TreeCommand.Delete(Bytes.utf8("/1/a"), false, false), 1);
    deliver();
    assertTrue(
        answer.isCompletedExceptionally()
            && answer.exceptionNow() instanceof ConsensusFailure failure
            && failure.kind() == ConsensusFailure.Kind.LEADER_CHANGED
            && !failure.mayHaveHappened());
    heartbeat();
    assertEquals(0, forwarded());
    assertEquals(0, loop.held());
  }

  private void propose() {
    new Proposer(clock, ids, waiters, proposals, 1 << 20)
        .propose(new TreeCommand.Delete(Bytes.utf8("/1/a"), false, false));
  }

  private void deliver() {
    List<RaftEvent> events = List.copyOf(inbox.items);
    inbox.items.clear();
    loop.handle(events);
  }

  private void heartbeat() {
    Message message = new Message.Heartbeat(SELF, OTHER, 2, 0, Bytes.EMPTY);
    loop.handle(List.of(new RaftEvent.Step(new io.kvorum.raft.Input.Received(message))));
    loop.handle(List.of(new RaftEvent.ReadsWaiting()));
  }

  private long forwarded() {
    return outlets.sent.stream()
        .filter(Message.Proposal.class::isInstance)
        .mapToLong(message -> ((Message.Proposal) message).entries().size())
        .sum();
  }

  private static final class Outlets implements RaftLoop.Outlets {

    final List<Message> sent = new ArrayList<>();

    @Override
    public void tickTaken() {}

    @Override
    public void sendNow(List<Message> messages) {
      sent.addAll(messages);
    }

    @Override
    public void write(Effects effects) {
      sent.addAll(effects.afterPersist());
    }

    @Override
    public void commit(List<Entry> entries) {}

    @Override
    public void readLog(Effects.LogRead read) {}

    @Override
    public void wantSnapshot(long peer) {}
  }
}
