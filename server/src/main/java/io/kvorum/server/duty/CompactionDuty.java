// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.duty;

import io.kvorum.env.Clock;
import io.kvorum.env.Timers;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.request.BackgroundWork;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's compactions that nobody asked for one by one: of what is older than some time, or
 * more revisions back than some number. All members note what there was when, so that a new leader
 * goes on where the old one was.
 *
 * <p>Paces are those of etcd 3.4 to 3.7: a tenth of the time kept, or of an hour, between two notes
 * and a whole one between two compactions; five minutes when revisions count.
 */
public final class CompactionDuty {

  private static final Logger LOG = LoggerFactory.getLogger(CompactionDuty.class);
  private static final Duration PERIOD_MAX = Duration.ofHours(1);
  private static final int NOTES_PER_PERIOD = 10;

  /** Over a very long time notes are further apart. */
  private static final int NOTES_MAX = 4096;

  private static final Duration REVISIONS_PERIOD = Duration.ofMinutes(5);

  private final BackgroundWork work;
  private final LongSupplier revision;
  private final Rule rule;
  private long compacted;
  private boolean underWay;

  /** What is to be compacted now; a revision that is no progress does not count. */
  private interface Rule {
    Duration period();

    /** The revision to compact at; 0 for none. */
    long look(long revision);

    /** It was done, so the next one has time. */
    void done();
  }

  private CompactionDuty(BackgroundWork work, LongSupplier revision, Rule rule) {
    this.work = work;
    this.revision = revision;
    this.rule = rule;
  }

  /** Keeps what is not older than {@code age}. */
  public static CompactionDuty byAge(
      BackgroundWork work, LongSupplier revision, Clock clock, Duration age) {
    return new CompactionDuty(work, revision, new ByAge(clock, age));
  }

  /** Keeps the newest {@code count} revisions. */
  public static CompactionDuty byCount(BackgroundWork work, LongSupplier revision, long count) {
    return new CompactionDuty(work, revision, new ByCount(count));
  }

  /** Starts looking. */
  public Timers.Cancellable start(Timers timers) {
    look(); // what there is at the start is the first note
    return timers.every(rule.period(), this::look);
  }

  private synchronized void look() {
    long target = rule.look(revision.getAsLong());
    if (target <= compacted || underWay || !work.leads()) {
      return;
    }
    underWay = true;
    work.submit(V3Request.of(new Compact(target, false)))
        .whenComplete((outcome, failure) -> ended(target, failure));
  }

  /** Refused means that somebody else has compacted as far. */
  private synchronized void ended(long target, @Nullable Throwable failure) {
    underWay = false;
    if (failure == null) {
      compacted = target;
      rule.done();
      LOG.atInfo().addKeyValue("revision", target).log("completed auto compaction");
    } else {
      LOG.atWarn().addKeyValue("revision", target).setCause(failure).log("failed auto compaction");
    }
  }

  private record Note(long atNanos, long revision) {}

  private static final class ByAge implements Rule {
    private final Clock clock;
    private final long age;
    private final long pause;
    private final Deque<Note> notes = new ArrayDeque<>();
    private long earliest;

    ByAge(Clock clock, Duration age) {
      this.clock = clock;
      this.age = age.toNanos();
      this.pause = Math.min(this.age, PERIOD_MAX.toNanos());
      this.earliest = clock.monotonicNanos() + this.age;
    }

    @Override
    public Duration period() {
      return Duration.ofNanos(Math.max(pause / NOTES_PER_PERIOD, TimeUnit.MILLISECONDS.toNanos(1)));
    }

    @Override
    public long look(long revision) {
      long now = clock.monotonicNanos();
      if (notes.isEmpty() || now - notes.getLast().atNanos() >= age / NOTES_MAX) {
        notes.addLast(new Note(now, revision));
      }
      long old = 0;
      while (!notes.isEmpty() && now - notes.getFirst().atNanos() >= age) {
        old = notes.removeFirst().revision();
      }
      if (old > 0) {
        notes.addFirst(new Note(now - age, old));
      }
      return now - earliest >= 0 ? old : 0;
    }

    @Override
    public void done() {
      earliest = clock.monotonicNanos() + pause;
    }
  }

  private record ByCount(long count) implements Rule {
    @Override
    public Duration period() {
      return REVISIONS_PERIOD;
    }

    @Override
    public long look(long revision) {
      return Math.max(0, revision - count);
    }

    @Override
    public void done() {}
  }
}
