// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.List;

/**
 * Several steps of membership at once, through a joint phase where needed. Understood so that a log
 * or snapshot that holds one can be read; never proposed, because genuine members stop on one.
 *
 * @param changes empty (with {@link Transition#AUTO}): leave the joint phase
 */
public record ConfChangeV2(Transition transition, List<Single> changes, Bytes context) {

  /** What an entry without any data means. */
  public static final ConfChangeV2 LEAVE_JOINT =
      new ConfChangeV2(Transition.AUTO, List.of(), Bytes.EMPTY);

  public ConfChangeV2 {
    changes = List.copyOf(changes);
  }

  /** One change to one node. */
  public record Single(ConfChange.Type type, long nodeId) {}

  /** How to get there. The ordinal is the number on the wire. */
  public enum Transition {
    /** Joint only when more than one change is made; then left on its own. */
    AUTO,
    /** Joint, left on its own. */
    JOINT_IMPLICIT,
    /** Joint, left by a further change. */
    JOINT_EXPLICIT
  }

  public boolean leavesJoint() {
    return transition == Transition.AUTO && changes.isEmpty();
  }
}
