// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.Outcome;
import io.kvorum.server.consensus.ConsensusFacts;

/** Outcomes of the tree as answers. */
final class KeyAnswer {
  private KeyAnswer() {}

  static Answer<KeyResult> of(Outcome outcome, ConsensusFacts facts) {
    return switch (outcome) {
      case Outcome.TreeChanged(var event) ->
          new Answer.Done<>(new KeyResult(event, RaftPosition.of(facts)));
      case Outcome.Refused(var refusal) -> new Answer.Refused<>(refusal);
      case Outcome.Done() -> throw new IllegalStateException("a key operation had no event");
      case Outcome.V3 other ->
          throw new IllegalStateException("a key operation of v2 came to " + other);
    };
  }
}
