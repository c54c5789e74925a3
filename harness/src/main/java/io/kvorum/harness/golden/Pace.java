// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How far a replay lags behind its recording. On a busy machine times to live have run further down
 * when they are shown than they had when recorded. Requests tell by their {@code Date} headers; for
 * commands, which have none, it is how long the last few took.
 */
final class Pace {
  private static final int COMMANDS = 3;

  /** How many commands before a lease's time is shown it may have been granted. */
  private static final int COMMANDS_OF_LEASE = 12;

  private final Deque<Long> starts = new ArrayDeque<>();
  private Optional<ZonedDateTime> firstRecorded = Optional.empty();
  private Optional<ZonedDateTime> firstActual = Optional.empty();
  private long lag;

  void stepStarts() {
    starts.addLast(System.nanoTime());
    if (starts.size() > COMMANDS_OF_LEASE) {
      starts.removeFirst();
    }
  }

  /** Seconds since the beginning that this answer came later than the recorded one. */
  long lag(Observation recorded, Observation actual) {
    Optional<ZonedDateTime> one = date(recorded);
    Optional<ZonedDateTime> other = date(actual);
    if (one.isPresent() && other.isPresent()) {
      firstRecorded = firstRecorded.or(() -> one);
      firstActual = firstActual.or(() -> other);
      Duration then = Duration.between(firstRecorded.orElseThrow(), one.get());
      Duration now = Duration.between(firstActual.orElseThrow(), other.get());
      lag = Math.max(0, now.minus(then).toSeconds());
    }
    return lag;
  }

  /** Seconds that the last commands took. */
  long lagOfCommands() {
    long first =
        starts.stream().skip(Math.max(0, starts.size() - COMMANDS)).findFirst().orElseThrow();
    return Duration.ofNanos(System.nanoTime() - first).toSeconds();
  }

  /** Seconds that have passed since a lease that is shown now was granted. */
  long lagOfLeases() {
    return Duration.ofNanos(System.nanoTime() - starts.getFirst()).toSeconds();
  }

  long lagAtEnd() {
    return lag;
  }

  private static Optional<ZonedDateTime> date(Observation observation) {
    try {
      return Optional.ofNullable(observation.fields().get("header date"))
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // the comparison will say so
    }
  }
}
