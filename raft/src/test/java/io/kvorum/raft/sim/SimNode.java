// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.base.Bytes;
import io.kvorum.raft.BrokenInvariant;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Effects.LogRead;
import io.kvorum.raft.Effects.Role;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.Input;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftCore;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.raft.StartState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One simulated member: a core, and the driver that a real member has around it. The log writer
 * ({@link SimLogWriter}) and the state machine ({@link SimApplier}) work beside the core, each at
 * its own pace, as the threads of a real member do.
 */
final class SimNode {

  private static final Effects.Leadership ASLEEP = new Effects.Leadership(Role.FOLLOWER, 0, 0);

  final long id;
  final World world;
  final SimDisk disk = new SimDisk();
  private @Nullable RaftCore core;
  private int incarnation;
  private boolean gone;
  private boolean drainPlanned;
  private double tickRate = 1;
  private long pausedUntil;
  private double diskSlowness = 1;

  // What one life knows; begun anew at every start.
  private SimLog view = new SimLog();
  private HardState hardState = HardState.EMPTY;
  private Effects.Leadership leadership = ASLEEP;
  private SimLogWriter writer = new SimLogWriter(this);
  private SimApplier applier = new SimApplier(this, StoreState.EMPTY);
  private ConfState confAtDrain = ConfState.EMPTY;
  private final Map<Long, StoreState> prepared = new HashMap<>();
  private final Map<LogPosition, StoreState> incoming = new HashMap<>();

  SimNode(World world, long id) {
    this.world = world;
    this.id = id;
  }

  // --- life and death ---

  boolean isRunning() {
    return core != null;
  }

  /** Removed from the cluster and told so: it never starts again. */
  boolean isGone() {
    return gone;
  }

  int incarnation() {
    return incarnation;
  }

  void start() {
    if (core != null || gone) {
      return;
    }
    incarnation++;
    StoreState store = disk.flushed;
    view = disk.log.copy();
    long commit = Math.max(disk.hardState.commit(), store.applied().index());
    hardState = new HardState(disk.hardState.term(), disk.hardState.vote(), commit);
    leadership = new Effects.Leadership(Role.FOLLOWER, 0, hardState.term());
    writer = new SimLogWriter(this);
    applier = new SimApplier(this, store);
    confAtDrain = store.confState();
    prepared.clear();
    incoming.clear();
    drainPlanned = false;
    world.trace(() -> this + " starts with " + disk.hardState + ", " + view.last() + ", " + store);
    guarded(
        () ->
            core =
                new RaftCore(world.profile.raft(id, world.random), wakeUp(), world.random.split()));
    drain();
    if (world.random.nextInt(3) == 0) {
      step(new Input.AdvanceElectionTimer(8));
    }
    later(tickMicros(), this::tick);
    later(flushMicros(), this::flush);
  }

  /** Old entries may be left on the disk; everything not applied must be at hand. */
  private StartState wakeUp() {
    long start = view.start().index();
    long applied = disk.flushed.applied().index();
    if (applied > view.lastIndex()) {
      throw new Violation(this + ": store at " + applied + " beyond its log " + view.last());
    }
    long before =
        world.random.nextBoolean() ? start : start + world.random.nextLong(applied - start + 1);
    return new StartState(
        disk.hardState,
        disk.flushed.confState(),
        view.start(),
        new LogPosition(view.termAt(before), before),
        view.range(before + 1, view.lastIndex()),
        disk.flushed.applied());
  }

  /** The power goes: what was not synced may be lost. */
  void crash() {
    if (core == null) {
      return;
    }
    world.counts.add(Count.CRASHES);
    if (store().applied().index() > disk.flushed.applied().index()) {
      world.counts.add(Count.STORES_FALLEN_BACK);
    }
    disk.crash(world.random, world.counts);
    core = null;
    incarnation++;
    leadership = ASLEEP;
    world.trace(() -> this + " crashes");
  }

  /**
   * A member that removed this one says so, or it found out itself: it stops for good. Not before a
   * quorum of those who stay can never forget the removal, though. An operator can not see that,
   * and a genuine cluster of two whose leader removes itself and stops at once never recovers: the
   * other one still needs its vote.
   */
  void toldOfRemoval() {
    if (world.isRemovalSettled(id)) {
      gone = true;
      crash();
    }
  }

  boolean hasRemoved(long node) {
    return store().removed().contains(node);
  }

  // --- circumstances ---

  void pauseFor(long micros) {
    pausedUntil = world.now() + micros;
  }

  void setTickRate(double rate) {
    tickRate = rate;
  }

  void setDiskSlowness(double slowness) {
    diskSlowness = slowness;
  }

  double diskSlowness() {
    return diskSlowness;
  }

  /** Plans something for this life: it does not happen after a crash, and waits out a pause. */
  void later(long micros, Runnable action) {
    int life = incarnation;
    world.after(micros, () -> unlessDead(life, action));
  }

  private void unlessDead(int life, Runnable action) {
    if (life != incarnation || core == null) {
      return;
    }
    if (world.now() < pausedUntil) {
      world.after(pausedUntil - world.now(), () -> unlessDead(life, action));
    } else {
      action.run();
    }
  }

  private void tick() {
    step(new Input.Tick());
    later(tickMicros(), this::tick);
  }

  private long tickMicros() {
    return (long) (100 * World.MILLIS * tickRate);
  }

  private void flush() {
    StoreState state = store();
    later(world.random.nextLong(20 * World.MILLIS), () -> flushed(state));
    later(flushMicros(), this::flush);
  }

  private long flushMicros() {
    return 1 + (long) (world.random.nextExponential() * world.profile.flushMeanMicros());
  }

  private void flushed(StoreState state) {
    if (state.applied().index() <= disk.flushed.applied().index()) {
      return;
    }
    disk.flush(state);
    world.counts.add(Count.STORE_FLUSHES);
    long last = disk.log.lastIndex();
    long release = Math.min(state.applied().index(), last - world.profile.logKept());
    if (release > disk.log.start().index()) {
      LogPosition position = new LogPosition(disk.log.termAt(release), release);
      disk.log.release(position);
      view.release(position);
      world.counts.add(Count.LOG_RELEASES);
      step(new Input.LogReleased(position));
    }
  }

  // --- clients ---

  void propose(List<Entry> entries) {
    entries.forEach(entry -> applier.await(Clients.idOf(entry)));
    step(new Input.Propose(entries));
  }

  void read(Bytes context) {
    applier.awaitRead(context, world.checker.commitIndex());
    step(new Input.RequestRead(context));
  }

  // --- the core ---

  void receive(Message message, @Nullable StoreState state) {
    later(
        0,
        () -> {
          if (state != null) {
            incoming.put(state.applied(), state);
          }
          step(new Input.Received(message));
        });
  }

  void step(Input input) {
    RaftCore awake = core;
    if (awake == null) {
      return;
    }
    world.trace(() -> this + " <- " + input);
    guarded(() -> awake.step(input));
    if (world.random.nextDouble() >= world.profile.batchingRate()) {
      drain();
    } else if (!drainPlanned) {
      drainPlanned = true;
      later(world.random.nextLong(3 * World.MILLIS), this::drain);
    }
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (BrokenInvariant e) {
      throw new Violation(this + " stops: " + e.getMessage(), e);
    }
  }

  private void drain() {
    drainPlanned = false;
    RaftCore awake = core;
    if (awake != null) {
      execute(awake.drain());
    }
  }

  private void execute(Effects effects) {
    takeView(effects);
    effects.leadership().ifPresent(this::takeLeadership);
    effects.hardState().ifPresent(this::takeHardState);
    effects.immediate().forEach(this::send);
    List<StoreState> snapshots = effects.snapshot().map(this::takeSnapshot).stream().toList();
    writer.add(effects, snapshots);
    if (!effects.committed().isEmpty()) {
      world.checker.handedToApply(this, effects.committed());
      applier.add(effects.committed());
    }
    snapshots.forEach(applier::add);
    effects.readStates().forEach(applier::readAt);
    effects.refused().forEach(refusal -> applier.refused(refusal.entry()));
    effects
        .logReads()
        .forEach(read -> later(world.random.nextLong(5 * World.MILLIS), () -> answer(read)));
    effects.snapshotsWanted().forEach(this::prepareSnapshot);
    confAtDrain = store().confState();
  }

  private void takeView(Effects effects) {
    world.trace(() -> this + " -> " + brief(effects));
    if (effects.snapshot().isPresent() && !effects.entries().isEmpty()) {
      throw new Violation(this + " hands over entries and a snapshot at once: " + effects);
    }
    if (!effects.entries().isEmpty() && view.append(effects.entries())) {
      world.counts.add(Count.LOG_TRUNCATIONS);
      if (isLeader() && effects.leadership().isEmpty()) {
        throw new Violation(this + " leads and cuts its own log: " + effects);
      }
    }
    effects.snapshot().ifPresent(snapshot -> view.reset(snapshot.position()));
  }

  private static String brief(Effects effects) {
    return effects
        .toString()
        .replaceAll("(\\w+=(\\[]|Optional.empty|false)(, )?)", "")
        .replace("Effects[batch=", "[");
  }

  private void takeHardState(HardState next) {
    HardState before = hardState;
    hardState = next;
    world.checker.hardState(this, before, next);
  }

  private void takeLeadership(Effects.Leadership next) {
    world.checker.leadership(this, next);
    boolean led = isLeader();
    Effects.Leadership before = leadership;
    leadership = next;
    if (isLeader() && (!led || before.term() != next.term())) {
      world.counts.add(Count.ELECTIONS);
      world.checker.elected(this, next.term());
    } else if (led && !isLeader()) {
      world.counts.add(Count.STEPPED_DOWN);
    }
  }

  private StoreState takeSnapshot(SnapshotMetadata snapshot) {
    StoreState state = incoming.remove(snapshot.position());
    if (state == null || !state.confState().equals(snapshot.confState())) {
      throw new Violation(this + " installs " + snapshot + " that it never received");
    }
    return state;
  }

  void send(Message message) {
    StoreState state = null;
    if (message instanceof Message.InstallSnapshot snapshot) {
      state = prepared.remove(snapshot.to());
      if (state == null || !state.applied().equals(snapshot.snapshot().position())) {
        throw new Violation(this + " sends a snapshot that was not made: " + message);
      }
    }
    world.network.send(this, message, state);
  }

  private void answer(LogRead read) {
    SimLog log = disk.log;
    world.counts.add(Count.LOG_READS);
    if (read.from() <= log.start().index() || read.from() > log.lastIndex()) {
      world.counts.add(Count.LOG_READS_TOO_LATE);
      step(new Input.EntriesGone(read.peer()));
      return;
    }
    LogPosition previous = new LogPosition(log.termAt(read.from() - 1), read.from() - 1);
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    for (long i = read.from(); i <= Math.min(read.to(), log.lastIndex()); i++) {
      bytes += RaftWire.size(log.get(i));
      if (!entries.isEmpty() && bytes > read.bytesMax()) {
        break;
      }
      entries.add(log.get(i));
    }
    step(new Input.EntriesRead(read.peer(), previous, entries));
  }

  private void prepareSnapshot(long peer) {
    later(
        world.random.nextLong(50 * World.MILLIS),
        () -> {
          StoreState state = store();
          if (state.applied().index() == 0 || world.random.nextInt(10) == 0) {
            step(new Input.SnapshotUnavailable(peer));
          } else {
            prepared.put(peer, state);
            step(
                new Input.SnapshotReady(
                    peer, new SnapshotMetadata(state.applied(), state.confState())));
          }
        });
  }

  // --- what others look at ---

  SimLog view() {
    return view;
  }

  StoreState store() {
    return applier.state();
  }

  /** The configuration of the drain before this one: what follows from it may come out only now. */
  ConfState confAtDrain() {
    return confAtDrain;
  }

  SimApplier applier() {
    return applier;
  }

  SimLogWriter writer() {
    return writer;
  }

  boolean isLeader() {
    return core != null && leadership.role() == Role.LEADER;
  }

  Effects.Leadership leadership() {
    return leadership;
  }

  long term() {
    return leadership.term();
  }

  @Override
  public String toString() {
    return String.format("node %x (life %d)", id, incarnation);
  }
}
