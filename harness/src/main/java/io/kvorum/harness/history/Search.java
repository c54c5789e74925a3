// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for an order of operations that explains their answers: Wing and Gong's search with Lowe's
 * memory.
 *
 * <p><b>Idea.</b> The next place in the order can only go to an operation that had begun when the
 * first of the others returned. Give it to one that the model allows there, go on, and come back to
 * try another one where nothing fits. A configuration (who has a place, and the states that may
 * have been reached) that was seen once is not entered again. An operation of unknown fate is tried
 * last and may stay without a place for ever.
 *
 * <p>Two things keep it short. Answers carry an index, which gives those of known fate their order
 * but for ties; what is left to be found is where the others belong. And a configuration that was
 * reached with fewer of these used up is the better one.
 *
 * <p>Sources: Wing and Gong, Testing and Verifying Concurrent Objects (1993); Lowe, Testing for
 * Linearizability (2017).
 */
final class Search<S, C, A> {

  /** Where a search came to its end. */
  enum End {
    FOUND,
    NONE,
    GAVE_UP
  }

  /** So many operations of the longest order are told. */
  private static final int TAIL = 12;

  private record Step<S>(int operation, Set<S> statesBefore) {}

  private final Model<S, C, A> model;
  private final long visitedMax;
  private final Timeline<C, A> timeline;
  private final Visited<S> visited = new Visited<>();
  private final Deque<Step<S>> steps = new ArrayDeque<>();
  private Set<S> states;

  private int longestKnown = -1;
  private List<Operation<C, A>> longestTail = List.of();
  private BitSet longestPlaced = new BitSet();
  private Set<S> longestStates;

  /**
   * A search that has not begun.
   *
   * @param visitedMax when so many configurations are remembered it gives up
   */
  Search(Model<S, C, A> model, List<Operation<C, A>> history, long visitedMax) {
    this.model = model;
    this.visitedMax = visitedMax;
    timeline = new Timeline<>(model, history);
    states = Set.of(model.initial());
    longestStates = states;
  }

  End run() {
    int candidate = timeline.candidate(0);
    while (!timeline.isDone()) {
      if (visited.count() >= visitedMax) {
        return End.GAVE_UP;
      }
      if (candidate < 0) {
        noteLongest();
        if (steps.isEmpty()) {
          return End.NONE;
        }
        candidate = timeline.candidate(stepBack() + 1);
      } else if (stepForward(candidate)) {
        candidate = timeline.candidate(0);
      } else {
        candidate = timeline.candidate(candidate + 1);
      }
    }
    return End.FOUND;
  }

  long visited() {
    return visited.count();
  }

  private boolean stepForward(int number) {
    Operation<C, A> operation = timeline.operation(number);
    Set<S> next = after(states, operation);
    if (next.isEmpty() || (!operation.isKnown() && next.equals(states))) {
      return false; // what is of unknown fate and changes nothing explains nothing
    }
    timeline.place(number);
    if (!visited.add(timeline.known(), timeline.unknown(), next)) {
      timeline.takeBack(number);
      return false;
    }
    steps.push(new Step<>(number, states));
    states = next;
    return true;
  }

  private int stepBack() {
    Step<S> step = steps.pop();
    timeline.takeBack(step.operation());
    states = step.statesBefore();
    return step.operation();
  }

  private Set<S> after(Set<S> from, Operation<C, A> operation) {
    if (from.size() == 1) {
      return model.after(from.iterator().next(), operation.call(), operation.answer());
    }
    Set<S> all = new HashSet<>();
    for (S state : from) {
      all.addAll(model.after(state, operation.call(), operation.answer()));
    }
    return all;
  }

  private void noteLongest() {
    int placed = timeline.known().cardinality();
    if (placed > longestKnown) {
      longestKnown = placed;
      longestStates = states;
      longestPlaced = (BitSet) timeline.known().clone();
      List<Operation<C, A>> tail = new ArrayList<>();
      steps.stream().limit(TAIL).forEach(step -> tail.add(0, timeline.operation(step.operation())));
      longestTail = List.copyOf(tail);
    }
  }

  /** How far the best order came, and what could not follow it; for a search that found none. */
  String story() {
    StringBuilder text = new StringBuilder();
    text.append("the longest order explains %d answers; its end:\n".formatted(longestKnown));
    longestTail.forEach(operation -> text.append("  ").append(operation).append('\n'));
    text.append("behind it the state is one of\n");
    longestStates.forEach(state -> text.append("  ").append(state).append('\n'));
    text.append("where one of these would have to come next, and none can:\n");
    timeline
        .inTheWay(longestPlaced)
        .forEach(operation -> text.append("  ").append(operation).append('\n'));
    return text.toString();
  }
}
