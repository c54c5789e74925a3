// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.consensus.ConsensusFacts;

/** The last log index whose effects this member shows, and its term. */
public record RaftPosition(long applied, long term) {

  static RaftPosition of(ConsensusFacts facts) {
    return new RaftPosition(facts.appliedIndex(), facts.term());
  }
}
