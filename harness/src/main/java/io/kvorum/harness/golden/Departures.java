// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The reviewed list of places where a server is meant to differ from the recordings. Each line of
 * it names one line of one recording; there are no patterns. Format: one JSON object per line with
 * {@code file}, {@code n}, {@code reason} and either {@code field} and {@code ours} (a string, or
 * null when the field must be missing), or {@code "excluded":true}, or {@code argv}, or {@code
 * later} (seconds). Empty lines and lines that start with {@code #} are skipped.
 */
public record Departures(List<Departure> all) {
  public Departures {
    all = List.copyOf(all);
  }

  /** Our own departures from 2.3.7. */
  public static Departures ours() {
    return parse(Transcript.resource("departures.jsonl"));
  }

  /** No departure at all. */
  public static Departures none() {
    return new Departures(List.of());
  }

  /** Reads the list's text. */
  public static Departures parse(String text) {
    return new Departures(
        text.lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> departure(Json.parse(line)))
            .toList());
  }

  private static Departure departure(Json line) {
    String file = line.string("file").orElseThrow();
    int n = Math.toIntExact(line.number("n").orElseThrow());
    String reason = line.string("reason").orElseThrow();
    if (line.isTrue("excluded")) {
      return new Departure.Excluded(file, n, reason);
    }
    if (line.get("argv").isPresent()) {
      return new Departure.Reworded(file, n, line.strings("argv"), reason);
    }
    if (line.get("later").isPresent()) {
      int seconds = Math.toIntExact(line.number("later").orElseThrow());
      return new Departure.Delayed(file, n, seconds, reason);
    }
    String field = line.string("field").orElseThrow();
    Json ours = line.get("ours").orElseThrow();
    Optional<String> value =
        ours instanceof Json.Text text ? Optional.of(text.value()) : Optional.empty();
    return new Departure.Differs(file, n, field, value, reason);
  }

  /** Those about one line. */
  List<Departure.Differs> differing(String file, int n) {
    return at(file, n, Departure.Differs.class);
  }

  boolean excludes(String file, int n) {
    return !at(file, n, Departure.Excluded.class).isEmpty();
  }

  /** How long to wait before that line. */
  Optional<Duration> delay(String file, int n) {
    return at(file, n, Departure.Delayed.class).stream()
        .findFirst()
        .map(delayed -> Duration.ofSeconds(delayed.seconds()));
  }

  /** The arguments to use instead. */
  Optional<List<String>> rewording(String file, int n) {
    return at(file, n, Departure.Reworded.class).stream().findFirst().map(Departure.Reworded::argv);
  }

  private <T extends Departure> List<T> at(String file, int n, Class<T> kind) {
    return all.stream()
        .filter(d -> d.file().equals(file) && d.n() == n)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }
}
