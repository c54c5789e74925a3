// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which operations may take the next place in the order.
 *
 * <p>Those of known fate have the order that their ranks give them; those of the same rank may
 * change places. One that began when another one had returned comes after it, whatever its rank.
 */
final class Timeline<C, A> {
  private final List<Operation<C, A>> operations;
  private final int knownCount;
  private final long[] ranks;

  /** The earliest return among the known ones from that one on, for each. */
  private final long[] firstReturns;

  private final BitSet known = new BitSet();
  private final BitSet unknown = new BitSet();

  Timeline(Model<?, C, A> model, List<Operation<C, A>> history) {
    Comparator<Operation<C, A>> byRank =
        Comparator.comparingLong(
            operation -> operation.answer().map(model::rank).orElse(Long.MAX_VALUE));
    // of the unknown ones the newest is tried first: what happens at all mostly happens soon
    operations =
        history.stream()
            .filter(operation -> operation.isKnown() || !model.isReadOnly(operation.call()))
            .sorted(
                byRank.thenComparingLong(
                    operation -> operation.isKnown() ? operation.begun() : -operation.begun()))
            .toList();
    ranks =
        operations.stream()
            .filter(Operation::isKnown)
            .mapToLong(operation -> operation.answer().map(model::rank).orElseThrow())
            .toArray();
    knownCount = ranks.length;
    firstReturns = new long[knownCount + 1];
    Arrays.fill(firstReturns, Long.MAX_VALUE);
    for (int i = knownCount - 1; i >= 0; i--) {
      firstReturns[i] = Math.min(firstReturns[i + 1], operations.get(i).ended());
    }
  }

  Operation<C, A> operation(int number) {
    return operations.get(number);
  }

  /** Whether every operation of known fate has its place. */
  boolean isDone() {
    return known.nextClearBit(0) == knownCount;
  }

  /** The first one without a place that may come next and is numbered so or higher, or -1. */
  int candidate(int from) {
    int first = known.nextClearBit(0);
    for (int i = known.nextClearBit(from);
        i < knownCount && ranks[i] == ranks[first];
        i = known.nextClearBit(i + 1)) {
      if (isBegun(i, first)) {
        return i;
      }
    }
    int behind = Math.max(0, from - knownCount);
    for (int i = unknown.nextClearBit(behind);
        i < operations.size() - knownCount;
        i = unknown.nextClearBit(i + 1)) {
      if (isBegun(knownCount + i, first)) {
        return knownCount + i;
      }
    }
    return -1;
  }

  /** Whether it had begun when the first of those without a place returned. */
  private boolean isBegun(int number, int first) {
    long firstReturn = firstReturns[Math.min(knownCount, known.length())];
    for (int i = first; i < known.length(); i = known.nextClearBit(i + 1)) {
      firstReturn = Math.min(firstReturn, operations.get(i).ended());
    }
    return operations.get(number).begun() <= firstReturn;
  }

  void place(int number) {
    set(number, true);
  }

  void takeBack(int number) {
    set(number, false);
  }

  private void set(int number, boolean placed) {
    if (number < knownCount) {
      known.set(number, placed);
    } else {
      unknown.set(number - knownCount, placed);
    }
  }

  /** The known ones with a place; they are numbered by rank, so gaps are few. */
  BitSet known() {
    return known;
  }

  BitSet unknown() {
    return unknown;
  }

  /** The known ones without a place in that set that had begun when the first of them returned. */
  List<Operation<C, A>> inTheWay(BitSet placed) {
    List<Operation<C, A>> rest =
        IntStream.range(0, knownCount)
            .filter(i -> !placed.get(i))
            .mapToObj(operations::get)
            .toList();
    long firstReturn = rest.stream().mapToLong(Operation::ended).min().orElse(Long.MAX_VALUE);
    return rest.stream().filter(operation -> operation.begun() <= firstReturn).limit(20).toList();
  }
}
