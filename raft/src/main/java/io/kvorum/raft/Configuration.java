// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Membership as a pure function: a configuration and a change give the next configuration. Every
 * member computes the same, so a change that can not be carried out is a broken invariant here;
 * what a user may ask for is checked before, where the member list is known.
 *
 * <p>Source: how etcd 3.4 to 3.7 apply changes; for the joint phase the Raft dissertation, 4.3.
 */
public final class Configuration {

  private Configuration() {}

  /**
   * One step. Adding a learner as a node promotes it; adding a voter as a learner demotes it; node
   * 0 and updates change nothing.
   */
  public static ConfState apply(ConfState before, ConfChange change) {
    return single(before, List.of(new ConfChangeV2.Single(change.type(), change.nodeId())));
  }

  /** Several steps: into the joint phase, out of it, or one simple step, as the change says. */
  public static ConfState apply(ConfState before, ConfChangeV2 change) {
    if (change.leavesJoint()) {
      return leaveJoint(before);
    }
    if (change.transition() == ConfChangeV2.Transition.AUTO && change.changes().size() == 1) {
      return single(before, change.changes());
    }
    boolean autoLeave = change.transition() != ConfChangeV2.Transition.JOINT_EXPLICIT;
    return enterJoint(before, change.changes(), autoLeave);
  }

  /** Whether those who satisfy {@code member} are a majority of the voters, of both halves. */
  public static boolean isQuorum(ConfState conf, LongPredicate member) {
    return new Quorum(conf).isMetBy(member);
  }

  /** The largest number reached by a majority of the voters, of both halves; 0 without voters. */
  public static long agreed(ConfState conf, LongUnaryOperator reached) {
    return new Quorum(conf).agreed(reached);
  }

  private static ConfState single(ConfState before, List<ConfChangeV2.Single> changes) {
    if (before.isJoint()) {
      throw new BrokenInvariant("simple change " + changes + " in a joint configuration " + before);
    }
    Draft draft = new Draft(before);
    changes.forEach(draft::apply);
    return draft.finish(before, false);
  }

  private static ConfState enterJoint(
      ConfState before, List<ConfChangeV2.Single> changes, boolean autoLeave) {
    if (before.isJoint() || before.voters().isEmpty()) {
      throw new BrokenInvariant("joint change " + changes + " can not start from " + before);
    }
    Draft draft = new Draft(before);
    draft.outgoing.addAll(before.voters());
    changes.forEach(draft::apply);
    return draft.finish(before, autoLeave);
  }

  private static ConfState leaveJoint(ConfState before) {
    if (!before.isJoint()) {
      throw new BrokenInvariant("leaving a joint configuration that is none: " + before);
    }
    List<Long> learners = new ArrayList<>(before.learners());
    learners.addAll(before.learnersNext());
    return ConfState.of(before.voters(), learners);
  }

  /** A configuration under change. */
  private static final class Draft {
    final Set<Long> voters;
    final Set<Long> learners;
    final Set<Long> outgoing;
    final Set<Long> learnersNext;

    Draft(ConfState before) {
      voters = new HashSet<>(before.voters());
      learners = new HashSet<>(before.learners());
      outgoing = new HashSet<>(before.votersOutgoing());
      learnersNext = new HashSet<>(before.learnersNext());
    }

    void apply(ConfChangeV2.Single change) {
      long id = change.nodeId();
      if (id == 0) {
        return;
      }
      switch (change.type()) {
        case ADD_NODE -> {
          remove(id);
          voters.add(id);
        }
        case ADD_LEARNER -> {
          remove(id);
          (outgoing.contains(id) ? learnersNext : learners).add(id);
        }
        case REMOVE_NODE -> remove(id);
        case UPDATE_NODE -> {}
      }
    }

    private void remove(long id) {
      voters.remove(id);
      learners.remove(id);
      learnersNext.remove(id);
    }

    ConfState finish(ConfState before, boolean autoLeave) {
      if (voters.isEmpty() && !before.voters().isEmpty()) {
        throw new BrokenInvariant("a change would remove the last voter of " + before);
      }
      return new ConfState(
          list(voters), list(learners), list(outgoing), list(learnersNext), autoLeave);
    }

    private static List<Long> list(Collection<Long> ids) {
      return new ArrayList<>(ids);
    }
  }
}
