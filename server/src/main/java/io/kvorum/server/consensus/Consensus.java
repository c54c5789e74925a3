// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.env.Timers;
import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.Input;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftConfig;
import io.kvorum.raft.RaftCore;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.raft.StartState;
import io.kvorum.server.base.Limits;
import io.kvorum.server.observe.MemberMetrics;
import io.kvorum.server.observe.Sparingly;
import io.kvorum.server.storage.log.WriteAheadLog;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The consensus of one member: a raft core on a thread of its own, a log on another, and the doors
 * through which the rest of the member reaches them.
 *
 * <pre>
 *  Proposals ─▶┐                      ┌─▶ PeerTransport
 *  ReadBarrier▶│  raft thread (core) ─┼─▶ log thread ─▶ PeerTransport, back to the raft thread
 *  PeerInbox ─▶┘                      └─▶ StateMachine (apply thread) ─▶ AppliedListener
 * </pre>
 *
 * <p>Built first, started when the network and the state machine are there: {@link #start} is the
 * only place where the circle closes.
 */
public final class Consensus {

  /**
   * What a member brings along.
   *
   * @param lastOwnRequestId the highest request id of this member found in the log, 0 for none
   */
  public record Parts(
      RaftConfig config,
      StartState start,
      long lastOwnRequestId,
      WriteAheadLog log,
      SnapshotFiles snapshots,
      RandomGenerator random) {}

  /** The seams it runs on, and where it counts. */
  public record Runtime(
      Workers workers,
      Timers timers,
      Clock clock,
      Consumer<Throwable> onFailure,
      MemberMetrics metrics) {

    /** A runtime whose counters nobody sees. */
    public Runtime(Workers workers, Timers timers, Clock clock, Consumer<Throwable> onFailure) {
      this(workers, timers, clock, onFailure, MemberMetrics.unseen(clock));
    }
  }

  private final Parts parts;
  private final Runtime runtime;
  private final Timings timings;
  private final FactsBoard facts;
  private final Waiters waiters;
  private final RequestIds ids;
  private final ProposalQueue proposals;
  private final ReadRounds reads;
  private final RaftCore core;
  private final AtomicBoolean tickWaiting = new AtomicBoolean();
  private @Nullable Running running;

  /** How long things take. */
  public record Timings(Duration tick, Duration electionTimeout, Limits limits) {}

  private record Running(
      Worker<RaftEvent> raft,
      Worker<LogWriter.Task> log,
      RaftInbox inbox,
      Timers.Cancellable ticks) {}

  public Consensus(Parts parts, Runtime runtime, Timings timings) {
    this.parts = parts;
    this.runtime = runtime;
    this.timings = timings;
    long member = parts.config().id();
    StartState start = parts.start();
    facts =
        new FactsBoard(
            start.hardState().term(), start.applied().index(), runtime.metrics()::leaderChanged);
    waiters = new Waiters(timings.limits().requestsMax(), runtime.metrics().proposalsFailed());
    ids = new RequestIds(member, runtime.clock().unixNanos() / 1_000_000, parts.lastOwnRequestId());
    proposals =
        new ProposalQueue(
            timings.limits().inboxItemsMax(),
            () -> running().raft.put(new RaftEvent.ProposalsWaiting()));
    reads =
        new ReadRounds(
            runtime.clock(),
            ids,
            facts,
            timings.limits().requestsMax(),
            () -> running().raft.put(new RaftEvent.ReadsWaiting()));
    core = new RaftCore(parts.config(), start, parts.random());
  }

  /** Closes the circle and begins to tick. */
  public void start(PeerTransport peers, StateMachine machine) {
    SnapshotExchange exchange = new SnapshotExchange(parts.snapshots(), peers);
    Circle circle = new Circle(peers, machine, exchange);
    RaftLoop loop =
        new RaftLoop(
            core,
            proposals,
            reads,
            waiters,
            facts,
            circle,
            new Timekeeper(
                runtime.clock(), timings.limits().requestTime(), timings.electionTimeout(), peers),
            timings.limits().applyBytesAhead());
    LogWriter writer =
        new LogWriter(parts.log(), this::syncLog, circle::send, circle::step, machine);
    Worker<RaftEvent> raft =
        runtime
            .workers()
            .start("raft", timings.limits().inboxItemsMax(), loop::handle, runtime.onFailure());
    circle.raft = raft;
    circle.log =
        runtime
            .workers()
            .start("log", timings.limits().inboxItemsMax(), writer::handle, runtime.onFailure());
    RaftInbox inbox = new RaftInbox(raft, waiters, facts, exchange, new Sparingly(runtime.clock()));
    // A tick that finds its predecessor still waiting is dropped, as a late clock must not cause
    // an election by itself.
    Timers.Cancellable ticks =
        runtime
            .timers()
            .every(
                timings.tick(),
                () -> {
                  if (tickWaiting.compareAndSet(false, true)) {
                    raft.put(new RaftEvent.Ticked());
                  }
                });
    running = new Running(raft, circle.log, inbox, ticks);
  }

  public Proposals proposals() {
    return proposer();
  }

  /** For what only the leader may decide. */
  public LeaderProposals leaderProposals() {
    return proposer();
  }

  private Proposer proposer() {
    return new Proposer(
        runtime.clock(), ids, waiters, proposals, timings.limits().requestBytesMax());
  }

  /** Ids that no other member makes and none that this one made before. */
  public LongSupplier freshIds() {
    return ids::next;
  }

  public ReadBarrier readBarrier() {
    return reads;
  }

  public ConsensusFacts facts() {
    return facts;
  }

  public PeerInbox peerInbox() {
    return running().inbox;
  }

  public AppliedListener appliedListener() {
    return running().inbox;
  }

  /** How far the followers are, as the raft thread knows it. */
  public Followers followers() {
    return () -> {
      CompletableFuture<Optional<Followers.Progress>> answer = new CompletableFuture<>();
      running()
          .raft
          .put(
              new RaftEvent.FollowersAsked(
                  status -> answer.complete(Followers.Progress.of(status))));
      return answer;
    };
  }

  /** How many proposals of this member wait for their outcome. */
  public long proposalsPending() {
    return waiters.count();
  }

  /** Start-up help: as if {@code ticks} had passed without a leader. */
  public void advanceElectionTimer(int ticks) {
    running().raft.put(new RaftEvent.Step(new Input.AdvanceElectionTimer(ticks)));
  }

  /** Hands the leadership to {@code target}; nothing happens on a follower. */
  public void transferLeadership(MemberId target) {
    running().raft.put(new RaftEvent.Step(new Input.TransferLeadership(target.value())));
  }

  /** The state up to this position is durable in the store; older log may go. */
  public void snapshotTaken(SnapshotMetadata snapshot) {
    long releaseBelow = snapshot.position().index() - timings.limits().entriesKept();
    running().log.put(new LogWriter.Task.Mark(snapshot, Math.max(0, releaseBelow)));
  }

  /** Stops both threads after what they have begun; waiting requests fail with "stopped". */
  public void stop() throws InterruptedException {
    Running stopping = running();
    stopping.ticks.cancel();
    stopping.raft.stop();
    stopping.raft.awaitEnd();
    stopping.log.stop();
    stopping.log.awaitEnd();
    waiters.close(ConsensusFailure.Kind.STOPPED);
    reads.stop();
  }

  private void syncLog() {
    long since = runtime.clock().monotonicNanos();
    parts.log().sync();
    long nanos = runtime.clock().monotonicNanos() - since;
    runtime.metrics().walFsyncSeconds().observe(nanos / 1e9);
  }

  private Running running() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("consensus: not started");
    }
    return now;
  }

  /** Where the effects of the core go. */
  private final class Circle implements RaftLoop.Outlets {

    private final PeerTransport peers;
    private final StateMachine machine;
    private final SnapshotExchange exchange;
    private @Nullable Worker<RaftEvent> raft;
    private @Nullable Worker<LogWriter.Task> log;

    Circle(PeerTransport peers, StateMachine machine, SnapshotExchange exchange) {
      this.peers = peers;
      this.machine = machine;
      this.exchange = exchange;
    }

    void step(Input input) {
      Worker<RaftEvent> worker = raft;
      if (worker != null) {
        worker.put(new RaftEvent.Step(input));
      }
    }

    /** Sends to the peers; what the core says to itself comes back as received. */
    void send(List<Message> messages) {
      long self = parts.config().id();
      List<Message> outward = messages;
      for (Message message : messages) {
        if (message.to() == self || message instanceof Message.InstallSnapshot) {
          outward = route(messages, self);
          break;
        }
      }
      if (!outward.isEmpty()) {
        peers.send(outward);
      }
    }

    private List<Message> route(List<Message> messages, long self) {
      List<Message> outward = new ArrayList<>(messages.size());
      for (Message message : messages) {
        if (message.to() == self) {
          step(new Input.Received(message));
        } else if (message instanceof Message.InstallSnapshot install) {
          if (!exchange.send(install)) {
            step(new Input.SnapshotSent(install.to(), false));
          }
        } else {
          outward.add(message);
        }
      }
      return outward;
    }

    @Override
    public void sendNow(List<Message> messages) {
      if (!messages.isEmpty()) {
        send(messages);
      }
    }

    @Override
    public void tickTaken() {
      tickWaiting.set(false);
    }

    @Override
    public void write(Effects effects) {
      enqueue(new LogWriter.Task.Write(effects));
    }

    @Override
    public void commit(List<Entry> entries) {
      machine.commit(entries);
    }

    @Override
    public void readLog(Effects.LogRead read) {
      enqueue(new LogWriter.Task.Read(read));
    }

    @Override
    public void wantSnapshot(long peer) {
      machine.prepareSnapshot(peer);
    }

    private void enqueue(LogWriter.Task task) {
      Worker<LogWriter.Task> worker = log;
      if (worker != null) {
        worker.put(task);
      }
    }
  }
}
