// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The slow twin of {@link Search}: tries every order of every choice of the operations of unknown
 * fate, without memory and without any thought of which to try first. For tiny histories.
 */
final class EveryOrder {
  private EveryOrder() {}

  static <S, C, A> boolean explains(Model<S, C, A> model, List<Operation<C, A>> history) {
    return explains(model, history, new HashSet<>(), model.initial());
  }

  private static <S, C, A> boolean explains(
      Model<S, C, A> model, List<Operation<C, A>> history, Set<Integer> placed, S state) {
    boolean done = true;
    for (int i = 0; i < history.size(); i++) {
      Operation<C, A> next = history.get(i);
      if (placed.contains(i)) {
        continue;
      }
      done &= !next.isKnown();
      if (isTooEarly(history, placed, next)) {
        continue;
      }
      placed.add(i);
      for (S after : model.after(state, next.call(), next.answer())) {
        if (explains(model, history, placed, after)) {
          return true;
        }
      }
      placed.remove(i);
    }
    return done;
  }

  /** One without a place was over before this one began. */
  private static <C, A> boolean isTooEarly(
      List<Operation<C, A>> history, Set<Integer> placed, Operation<C, A> next) {
    for (int i = 0; i < history.size(); i++) {
      if (!placed.contains(i) && history.get(i).ended() < next.begun()) {
        return true;
      }
    }
    return false;
  }
}
