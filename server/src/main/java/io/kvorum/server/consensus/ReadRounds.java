// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.raft.Effects.ReadState;
import io.kvorum.raft.Input;
import io.kvorum.server.consensus.ConsensusFailure.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads, many per quorum round.
 *
 * <p>A reader may be served once this member has applied everything committed when it asked. One
 * ReadIndex round asks for all readers that had gathered when it began; whoever comes while it is
 * under way shares the next one, because a round confirms the leader only for readers older than
 * itself. A round whose index is known waits in {@code confirmed} for the applied index.
 *
 * <p>{@link #await} runs on any thread, {@link #stop} after the raft thread's end, everything else
 * is owned by the raft thread.
 */
final class ReadRounds implements ReadBarrier {

  /** etcd asks again after this long without an answer; a lost message costs no more. */
  private static final long RETRY_NANOS = 500_000_000;

  private record Reader(CompletableFuture<Void> future, long since) {}

  private record Round(Bytes context, List<Reader> readers) {}

  private record Confirmed(long index, List<Reader> readers) {}

  private final Clock clock;
  private final RequestIds ids;
  private final FactsBoard facts;
  private final Runnable wake;
  private final int readersMax;
  private final AtomicInteger readers = new AtomicInteger();
  private volatile boolean stopped;
  private final ConcurrentLinkedQueue<Reader> gathering = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ArrayDeque<Confirmed> confirmed = new ArrayDeque<>();
  private @Nullable Round underWay;
  private long askedAt;

  /**
   * @param readersMax most readers waiting at once; those beyond fail at once
   * @param wake tells the raft thread that readers are waiting
   */
  ReadRounds(Clock clock, RequestIds ids, FactsBoard facts, int readersMax, Runnable wake) {
    this.clock = clock;
    this.ids = ids;
    this.facts = facts;
    this.readersMax = readersMax;
    this.wake = wake;
  }

  @Override
  public CompletableFuture<Void> await() {
    if (readers.incrementAndGet() > readersMax) {
      readers.decrementAndGet();
      return CompletableFuture.failedFuture(new ConsensusFailure(Kind.TOO_MANY_REQUESTS, false));
    }
    Reader reader = new Reader(new CompletableFuture<>(), clock.monotonicNanos());
    gathering.add(reader);
    if (stopped) {
      // Nobody looks into the queue any more.
      gathering.forEach(this::stopped);
    } else if (woken.compareAndSet(false, true)) {
      wake.run();
    }
    return reader.future;
  }

  /** Begins a round when none is under way and somebody waits. */
  void begin(Consumer<Input> core) {
    if (underWay != null) {
      return;
    }
    woken.set(false);
    List<Reader> gathered = new ArrayList<>();
    Reader reader;
    while ((reader = gathering.poll()) != null) {
      gathered.add(reader);
    }
    if (!gathered.isEmpty()) {
      underWay = new Round(newContext(), gathered);
      ask(core);
    }
  }

  /** The leader changed: its predecessor's answer may never come. */
  void leadershipChanged(Consumer<Input> core) {
    if (underWay != null) {
      underWay = new Round(newContext(), underWay.readers);
      ask(core);
    }
  }

  void answered(ReadState state, Consumer<Input> core) {
    Round round = underWay;
    if (round == null || !round.context.equals(state.context())) {
      return;
    }
    underWay = null;
    confirmed.add(new Confirmed(state.index(), round.readers));
    applied();
    begin(core);
  }

  /** Serves the rounds whose index is applied. */
  void applied() {
    long index = facts.appliedIndex();
    for (Iterator<Confirmed> rounds = confirmed.iterator(); rounds.hasNext(); ) {
      Confirmed round = rounds.next();
      if (round.index <= index) {
        rounds.remove();
        round.readers.forEach(this::serve);
      }
    }
  }

  /** Asks again when an answer is overdue, and fails readers older than {@code deadline}. */
  void tick(long now, long deadline, Consumer<Input> core) {
    if (underWay != null) {
      List<Reader> young = underWay.readers.stream().filter(r -> keeps(r, deadline)).toList();
      underWay = young.isEmpty() ? null : new Round(underWay.context, young);
    }
    if (underWay != null && now - askedAt >= RETRY_NANOS) {
      ask(core);
    }
    confirmed.removeIf(
        round -> round.readers.stream().filter(reader -> keeps(reader, deadline)).count() == 0);
    begin(core);
  }

  /** After the raft thread has ended: whoever waits still, and whoever comes, is told so. */
  void stop() {
    stopped = true;
    if (underWay != null) {
      underWay.readers.forEach(this::stopped);
    }
    confirmed.forEach(round -> round.readers.forEach(this::stopped));
    gathering.forEach(this::stopped);
  }

  private void serve(Reader reader) {
    if (reader.future.complete(null)) {
      readers.decrementAndGet();
    }
  }

  private void stopped(Reader reader) {
    fail(reader, Kind.STOPPED);
  }

  private void fail(Reader reader, Kind kind) {
    if (reader.future.completeExceptionally(new ConsensusFailure(kind, false))) {
      readers.decrementAndGet();
    }
  }

  private void ask(Consumer<Input> core) {
    Round round = underWay;
    if (round != null) {
      askedAt = clock.monotonicNanos();
      core.accept(new Input.RequestRead(round.context));
    }
  }

  private Bytes newContext() {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(ids.next()).array());
  }

  private boolean keeps(Reader reader, long deadline) {
    boolean young = reader.since - deadline >= 0;
    if (!young) {
      fail(reader, Kind.TIMEOUT);
    }
    return young;
  }
}
