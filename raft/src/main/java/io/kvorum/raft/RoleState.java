// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.List;

/**
 * How a node behaves in its present role. An instance lives for one stay in the role and is thrown
 * away with everything it remembered, so nothing of a lost election can stand in the way of the
 * next.
 */
sealed interface RoleState permits FollowerRole, CandidateRole, LeaderRole {

  Effects.Role role();

  /** Who leads, as far as this node knows; 0 for nobody. */
  long leader();

  void tick();

  /** A message that passed the term rules: of the own term, or of none. */
  void receive(Message message);

  /** Proposals of this member's own clients. */
  void propose(List<Entry> entries);

  void requestRead(Bytes context);

  /** Something of this node became durable. */
  default void persisted() {}

  /** The state machine got further, or the configuration changed. */
  default void applied() {}

  /** Whether {@link #flush()} may have something to say. */
  default boolean isFlushDue() {
    return false;
  }

  /** The last word before the effects are drained. */
  default void flush() {}
}
