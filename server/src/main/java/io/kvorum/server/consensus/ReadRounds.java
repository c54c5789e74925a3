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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * <p>{@link #await} runs on any thread, {@link #applied} on the apply thread (the two queues are
 * concurrent), everything else is owned by the raft thread.
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
  private final ConcurrentLinkedQueue<Reader> gathering = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ArrayDeque<Confirmed> confirmed = new ArrayDeque<>();
  private @Nullable Round underWay;
  private long askedAt;

  /**
   * @param wake tells the raft thread that readers are waiting
   */
  ReadRounds(Clock clock, RequestIds ids, FactsBoard facts, Runnable wake) {
    this.clock = clock;
    this.ids = ids;
    this.facts = facts;
    this.wake = wake;
  }

  @Override
  public CompletableFuture<Void> await() {
    Reader reader = new Reader(new CompletableFuture<>(), clock.monotonicNanos());
    gathering.add(reader);
    if (woken.compareAndSet(false, true)) {
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
    List<Reader> readers = new ArrayList<>();
    Reader reader;
    while ((reader = gathering.poll()) != null) {
      readers.add(reader);
    }
    if (!readers.isEmpty()) {
      underWay = new Round(newContext(), readers);
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
        round.readers.forEach(reader -> reader.future.complete(null));
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
        round -> round.readers.stream().noneMatch(reader -> keeps(reader, deadline)));
    begin(core);
  }

  Optional<Bytes> contextUnderWay() {
    return Optional.ofNullable(underWay).map(Round::context);
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

  private static boolean keeps(Reader reader, long deadline) {
    boolean young = reader.since - deadline >= 0;
    if (!young) {
      reader.future.completeExceptionally(new ConsensusFailure(Kind.TIMEOUT, false));
    }
    return young;
  }
}
