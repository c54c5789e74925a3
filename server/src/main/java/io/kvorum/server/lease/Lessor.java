// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import io.kvorum.env.Clock;
import io.kvorum.env.Timers;
import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.LeaseCommand.Remaining;
import io.kvorum.server.command.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts how long leases have to live, while this member leads.
 *
 * <p>Problem: a lease must not end before its time, whatever leaders come and go, and should end
 * soon after; a million of them must cost little. Idea: time is counted by one member only, the
 * leader, in its memory ({@link Countdown}); what it finds over it proposes to revoke, and only the
 * log ends a lease. Who begins to lead gives every lease its full time, or what was written down as
 * left of it, and a little more.
 *
 * <pre>
 *   apply ──changes──▶┐                       ┌─▶ Revoke, Checkpoint ─▶ log of this term only
 *   requests ─renew──▶│  one worker, inbox    │
 *   timer ────look───▶┘  ─▶ Countdown ────────┴─▶ answers
 * </pre>
 *
 * <p>What must hold: what was promised to a client holds under the next leader too. So a renewal of
 * a lease whose remaining time is written down is answered only when that has been taken back in
 * the log; and nothing that this member decides can come into the log of a later term.
 *
 * <p>Followers count nothing and keep nothing. Any thread may call.
 */
public final class Lessor {

  /** Renewals and questions waiting for the worker; beyond, they are turned away. */
  private static final int INBOX_ITEMS_MAX = 65_536;

  /** Renewals waiting until a lease that is over has been revoked; beyond, turned away. */
  private static final int WAITING_MAX = 65_536;

  private sealed interface Work {
    record Changed(List<LeaseChange> changes) implements Work {}

    record Look() implements Work {}

    record Renew(long id, CompletableFuture<Renewal> answer) implements Work {}

    record Ask(long id, CompletableFuture<TimeLeft> answer) implements Work {}

    record ListAll(CompletableFuture<long[]> answer) implements Work {}

    record Revoked(long id, long term, boolean failed) implements Work {}

    record TakenBack() implements Work {}
  }

  private record Again(long id, long atMillis) {}

  private final LeaseView leases;
  private final LeaseAuthority authority;
  private final Pace pace;
  private final Clock clock;
  private final Worker<Work> worker;
  private final Timers.Cancellable looks;
  private final AtomicBoolean lookWaiting = new AtomicBoolean();
  private volatile boolean counts;

  // What follows belongs to the worker.

  private @Nullable Countdown countdown;
  private long term;
  private final Map<Long, List<CompletableFuture<Renewal>>> waiting = new HashMap<>();
  private int waitingCount;
  private final Deque<Again> again = new ArrayDeque<>();
  private int revokesUnderWay;
  private double revokesLeft;
  private long lookedAt;
  private boolean takingBack;

  public Lessor(
      LeaseView leases,
      LeaseAuthority authority,
      Pace pace,
      Clock clock,
      Workers workers,
      Timers timers,
      Consumer<Throwable> onFailure) {
    this.leases = leases;
    this.authority = authority;
    this.pace = pace;
    this.clock = clock;
    worker = workers.start("leases", INBOX_ITEMS_MAX, this::handle, onFailure);
    looks = timers.every(pace.look(), this::wake);
  }

  /** A follower's worker sleeps, but for the one look at which it notices that it is one. */
  private void wake() {
    if ((counts || authority.term() != 0) && lookWaiting.compareAndSet(false, true)) {
      worker.put(new Work.Look());
    }
  }

  /** Takes note of what a round did, once it is visible. On the apply thread. */
  public void changed(List<LeaseChange> changes) {
    // Whoever begins to lead reads what stands by then, so it has missed nothing.
    if (!changes.isEmpty() && authority.term() != 0) {
      worker.put(new Work.Changed(changes));
    }
  }

  /** Gives a lease its full time from now on. */
  public CompletableFuture<Renewal> renew(long id) {
    CompletableFuture<Renewal> answer = new CompletableFuture<>();
    if (!worker.offer(new Work.Renew(id, answer))) {
      answer.complete(new Renewal.TooMany());
    }
    return answer;
  }

  /** How long a lease has to live. */
  public CompletableFuture<TimeLeft> timeLeft(long id) {
    CompletableFuture<TimeLeft> answer = new CompletableFuture<>();
    if (!worker.offer(new Work.Ask(id, answer))) {
      answer.complete(new TimeLeft.TooMany());
    }
    return answer;
  }

  /**
   * The ids of all leases: at the leader the one that ends first at the front, elsewhere in no
   * order that means anything. Takes long when there are many; empty when too many wait already.
   */
  public CompletableFuture<long[]> all() {
    CompletableFuture<long[]> answer = new CompletableFuture<>();
    if (!worker.offer(new Work.ListAll(answer))) {
      answer.complete(new long[0]);
    }
    return answer;
  }

  /** Ends; whoever waits is told that this member does not lead. */
  public void stop() throws InterruptedException {
    looks.cancel();
    worker.stop();
    worker.awaitEnd();
    stepDown();
  }

  // --- the worker ---

  private void handle(List<Work> works) {
    for (Work work : works) {
      switch (work) {
        case Work.Changed(List<LeaseChange> changes) -> note(changes);
        case Work.Look() -> look();
        case Work.Renew(long id, CompletableFuture<Renewal> answer) -> renew(id, answer);
        case Work.Ask(long id, CompletableFuture<TimeLeft> answer) -> answer.complete(left(id));
        case Work.ListAll(CompletableFuture<long[]> answer) -> answer.complete(list());
        case Work.Revoked(long id, long inTerm, boolean failed) -> {
          revokesUnderWay--;
          if (failed && inTerm == term) {
            again.add(new Again(id, nowMillis() + pace.revokeAgain().toMillis()));
          }
        }
        case Work.TakenBack() -> takingBack = false;
      }
    }
  }

  /** The deadlines, if this member leads and has what it needs to count them. */
  private @Nullable Countdown leading() {
    long leadsIn = authority.term();
    if (countdown != null && term != leadsIn) {
      stepDown();
    }
    if (countdown == null && leadsIn != 0 && authority.hasAppliedOf(leadsIn)) {
      begin(leadsIn);
    }
    return countdown;
  }

  private void begin(long leadsIn) {
    Countdown fresh = new Countdown(nowMillis(), pace.checkpoint().toMillis());
    long patience = pace.patience().toMillis();
    leases.forEach(lease -> fresh.takeOver(lease, patience));
    fresh.begin(pace.deadlinesPerSecond());
    term = leadsIn;
    lookedAt = nowMillis();
    countdown = fresh;
    counts = true;
  }

  private void stepDown() {
    countdown = null;
    counts = false;
    term = 0;
    again.clear();
    waiting.values().forEach(all -> all.forEach(one -> one.complete(new Renewal.NotLeading())));
    waiting.clear();
    waitingCount = 0;
  }

  private void note(List<LeaseChange> changes) {
    Countdown counting = leading();
    if (counting == null) {
      return;
    }
    for (LeaseChange change : changes) {
      switch (change) {
        case LeaseChange.Granted(Lease lease) -> counting.granted(lease, nowMillis());
        case LeaseChange.Revoked(long id) -> {
          counting.revoked(id);
          answerWaiting(id);
        }
        case LeaseChange.Checkpointed(Lease lease) -> {
          if (counting.checkpointed(lease, nowMillis())) {
            // Another leader's last word came late; it must not count against a renewal since.
            submit(List.of(new Remaining(lease.id(), 0)));
          }
        }
      }
    }
  }

  private void answerWaiting(long id) {
    List<CompletableFuture<Renewal>> all = waiting.remove(id);
    if (all != null) {
      waitingCount -= all.size();
      all.forEach(one -> one.complete(new Renewal.Over()));
    }
  }

  private void renew(long id, CompletableFuture<Renewal> answer) {
    Countdown counting = leading();
    if (counting == null) {
      answer.complete(new Renewal.NotLeading());
      return;
    }
    int slot = counting.find(id);
    if (slot < 0) {
      answer.complete(new Renewal.Unknown());
    } else if (counting.isOver(slot, nowMillis())) {
      awaitEnd(id, answer);
    } else {
      counting.renew(slot, nowMillis());
      Renewal renewed = new Renewal.Renewed(counting.ttlSeconds(slot));
      if (counting.isWritten(slot)) {
        takeBackFirst(id, renewed, answer);
      } else {
        answer.complete(renewed);
      }
    }
  }

  private void awaitEnd(long id, CompletableFuture<Renewal> answer) {
    if (waitingCount >= WAITING_MAX) {
      answer.complete(new Renewal.TooMany());
    } else {
      waitingCount++;
      waiting.computeIfAbsent(id, none -> new ArrayList<>()).add(answer);
    }
  }

  private void takeBackFirst(long id, Renewal renewed, CompletableFuture<Renewal> answer) {
    submit(List.of(new Remaining(id, 0)))
        .whenComplete(
            (outcome, failure) -> {
              if (failure == null) {
                answer.complete(renewed);
              } else {
                answer.completeExceptionally(failure);
              }
            });
  }

  private CompletableFuture<Outcome> submit(List<Remaining> remaining) {
    return authority.submit(new LeaseCommand.Checkpoint(remaining), term);
  }

  private TimeLeft left(long id) {
    Countdown counting = leading();
    if (counting == null) {
      return new TimeLeft.NotLeading();
    }
    int slot = counting.find(id);
    return slot < 0
        ? new TimeLeft.Unknown()
        : new TimeLeft.Known(
            counting.ttlSeconds(slot), counting.remainingMillis(slot, nowMillis()));
  }

  private long[] list() {
    Countdown counting = leading();
    if (counting != null) {
      return counting.inOrderOfDeadline();
    }
    List<Long> ids = new ArrayList<>();
    leases.forEach(lease -> ids.add(lease.id()));
    return ids.stream().mapToLong(Long::longValue).toArray();
  }

  // --- what is due ---

  private void look() {
    lookWaiting.set(false);
    Countdown counting = leading();
    if (counting == null) {
      return;
    }
    long now = nowMillis();
    counting.advance(now);
    while (!again.isEmpty() && again.getFirst().atMillis() <= now) {
      counting.overAgain(again.removeFirst().id());
    }
    revoke(counting, now);
    writeDown(counting);
  }

  private void revoke(Countdown counting, long now) {
    double earned = (now - lookedAt) * pace.revokesPerSecond() / 1000.0;
    revokesLeft = Math.min(pace.revokesPerSecond() / 2.0, revokesLeft + earned);
    lookedAt = now;
    while (revokesLeft >= 1 && revokesUnderWay + again.size() < pace.revokesUnderWay()) {
      long id = counting.pollOver();
      if (id == 0) {
        return;
      }
      revokesLeft--;
      revokesUnderWay++;
      long inTerm = term;
      authority
          .submit(new LeaseCommand.Revoke(id), inTerm)
          .whenComplete(
              (outcome, failure) ->
                  worker.put(
                      new Work.Revoked(
                          id, inTerm, failure != null || outcome instanceof Outcome.Refused)));
    }
  }

  private void writeDown(Countdown counting) {
    LeaseAuthority.Checkpoints rule = authority.checkpoints();
    boolean writes = rule == LeaseAuthority.Checkpoints.WRITTEN;
    for (int i = 0; i < Pace.CHECKPOINT_COMMANDS; i++) {
      List<Remaining> due = counting.pollToWriteDown(Pace.CHECKPOINTS_PER_COMMAND, writes);
      if (due.isEmpty()) {
        break;
      }
      submit(due);
    }
    if (rule == LeaseAuthority.Checkpoints.UNWANTED && counting.written() > 0 && !takingBack) {
      takingBack = true;
      submit(counting.someWritten(Pace.CHECKPOINTS_PER_COMMAND))
          .whenComplete((outcome, failure) -> worker.put(new Work.TakenBack()));
    }
  }

  private long nowMillis() {
    return clock.monotonicNanos() / 1_000_000;
  }
}
