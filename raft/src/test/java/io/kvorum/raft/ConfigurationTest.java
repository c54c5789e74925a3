// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kvorum.base.Bytes;
import io.kvorum.raft.ConfChange.Type;
import io.kvorum.raft.ConfChangeV2.Single;
import io.kvorum.raft.ConfChangeV2.Transition;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigurationTest {

  private static final ConfState THREE = ConfState.of(List.of(1L, 2L, 3L), List.of(4L));

  @Test
  void aNewNodeBecomesAVoter() {
    assertEquals(conf(List.of(1, 2, 3, 5), List.of(4)), simple(THREE, Type.ADD_NODE, 5));
  }

  @Test
  void aLearnerIsPromotedByAddingItAsANode() {
    assertEquals(conf(List.of(1, 2, 3, 4), List.of()), simple(THREE, Type.ADD_NODE, 4));
  }

  @Test
  void aVoterIsDemotedByAddingItAsALearner() {
    assertEquals(conf(List.of(1, 3), List.of(2, 4)), simple(THREE, Type.ADD_LEARNER, 2));
  }

  @Test
  void removingTakesAVoterOrALearnerAndIgnoresAStranger() {
    assertEquals(conf(List.of(1, 3), List.of(4)), simple(THREE, Type.REMOVE_NODE, 2));
    assertEquals(conf(List.of(1, 2, 3), List.of()), simple(THREE, Type.REMOVE_NODE, 4));
    assertEquals(THREE, simple(THREE, Type.REMOVE_NODE, 9));
  }

  @Test
  void anUpdateAndARefusedChangeAreNoChange() {
    assertEquals(THREE, simple(THREE, Type.UPDATE_NODE, 2));
    for (Type type : Type.values()) {
      assertEquals(THREE, simple(THREE, type, 0));
    }
  }

  @Test
  void theFirstNodesOfAClusterComeFromNothing() {
    ConfState one = simple(ConfState.EMPTY, Type.ADD_NODE, 1);
    assertEquals(conf(List.of(1, 2), List.of()), simple(one, Type.ADD_NODE, 2));
  }

  @Test
  void theLastVoterStays() {
    ConfState one = conf(List.of(1), List.of(2));
    assertThrows(BrokenInvariant.class, () -> simple(one, Type.REMOVE_NODE, 1));
    assertThrows(BrokenInvariant.class, () -> simple(one, Type.ADD_LEARNER, 1));
  }

  @Test
  void severalChangesGoThroughAJointPhase() {
    ConfState joint =
        Configuration.apply(
            THREE,
            change(
                Transition.AUTO,
                new Single(Type.ADD_LEARNER, 1),
                new Single(Type.REMOVE_NODE, 2),
                new Single(Type.ADD_NODE, 5)));
    assertEquals(
        new ConfState(List.of(3L, 5L), List.of(4L), List.of(1L, 2L, 3L), List.of(1L), true), joint);
    assertEquals(
        conf(List.of(3, 5), List.of(1, 4)), Configuration.apply(joint, ConfChangeV2.LEAVE_JOINT));
  }

  @Test
  void aSingleChangeIsJointOnlyWhenAskedFor() {
    Single add = new Single(Type.ADD_NODE, 5);
    assertEquals(
        conf(List.of(1, 2, 3, 5), List.of(4)),
        Configuration.apply(THREE, change(Transition.AUTO, add)));
    ConfState joint = Configuration.apply(THREE, change(Transition.JOINT_EXPLICIT, add));
    assertEquals(
        new ConfState(List.of(1L, 2L, 3L, 5L), List.of(4L), List.of(1L, 2L, 3L), List.of(), false),
        joint);
    assertEquals(
        true, Configuration.apply(THREE, change(Transition.JOINT_IMPLICIT, add)).autoLeave());
  }

  @Test
  void phasesDoNotMix() {
    ConfState joint =
        Configuration.apply(THREE, change(Transition.JOINT_EXPLICIT, new Single(Type.ADD_NODE, 5)));
    assertThrows(BrokenInvariant.class, () -> simple(joint, Type.ADD_NODE, 6));
    assertThrows(
        BrokenInvariant.class,
        () ->
            Configuration.apply(
                joint, change(Transition.JOINT_IMPLICIT, new Single(Type.ADD_NODE, 6))));
    assertThrows(BrokenInvariant.class, () -> Configuration.apply(THREE, ConfChangeV2.LEAVE_JOINT));
  }

  private static ConfState simple(ConfState before, Type type, long id) {
    return Configuration.apply(before, new ConfChange(1, type, id, Bytes.EMPTY));
  }

  private static ConfChangeV2 change(Transition transition, Single... changes) {
    return new ConfChangeV2(transition, List.of(changes), Bytes.EMPTY);
  }

  private static ConfState conf(List<Integer> voters, List<Integer> learners) {
    return ConfState.of(
        voters.stream().map(Long::valueOf).toList(), learners.stream().map(Long::valueOf).toList());
  }
}
