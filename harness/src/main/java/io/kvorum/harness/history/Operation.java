// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.Optional;

/**
 * One call of one client and what became of it. Times are of any clock that all clients share, in
 * any unit; the call took effect somewhere between them, both included.
 *
 * @param client who called; only for the reader of a failure
 * @param begun not later than the call left the client
 * @param outcome the answer; empty when the fate is unknown, and then the call may have taken
 *     effect at any time after {@code begun}, also long after the client gave up, or never
 */
public record Operation<C, A>(int client, C call, long begun, Optional<Outcome<A>> outcome) {

  /**
   * An answer.
   *
   * @param ended not earlier than the answer reached the client
   */
  public record Outcome<A>(A answer, long ended) {}

  public Operation {
    outcome.ifPresent(
        known -> {
          if (known.ended() < begun) {
            throw new IllegalArgumentException(
                "ended is %d, before begun, which is %d".formatted(known.ended(), begun));
          }
        });
  }

  /** A call that was answered. */
  public static <C, A> Operation<C, A> answered(
      int client, C call, long begun, A answer, long ended) {
    return new Operation<>(client, call, begun, Optional.of(new Outcome<>(answer, ended)));
  }

  /** A call of unknown fate. */
  public static <C, A> Operation<C, A> unknown(int client, C call, long begun) {
    return new Operation<>(client, call, begun, Optional.empty());
  }

  Optional<A> answer() {
    return outcome.map(Outcome::answer);
  }

  boolean isKnown() {
    return outcome.isPresent();
  }

  /** When it was over; never, for an unknown fate. */
  long ended() {
    return outcome.map(Outcome::ended).orElse(Long.MAX_VALUE);
  }

  @Override
  public String toString() {
    return outcome
        .map(
            known ->
                "client %d, %d to %d: %s -> %s"
                    .formatted(client, begun, known.ended(), call, known.answer()))
        .orElse("client %d, from %d: %s -> unknown fate".formatted(client, begun, call));
  }
}
