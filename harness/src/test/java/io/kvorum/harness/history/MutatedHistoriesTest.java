// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Long histories: all good ones are accepted, and one wrong answer in thousands is found. */
class MutatedHistoriesTest {
  private static final int SEEDS = Integer.getInteger("seeds", 8);

  private static List<Operation<TreeCall, TreeAnswer>> good(Random random) {
    return Histories.make(random, 8, 2_000, 3, Histories.treeCalls(5, 40), new PlainTree()::answer);
  }

  private static Verdict check(List<Operation<TreeCall, TreeAnswer>> history) {
    return new LinearizabilityCheck<>(new TreeKeyModel(history), 100_000).check(history);
  }

  private static void assertBad(int seed, List<Operation<TreeCall, TreeAnswer>> history) {
    Verdict verdict = check(history);
    assertInstanceOf(Verdict.NotLinearizable.class, verdict, "seed " + seed);
  }

  @Test
  void goodHistoriesOfTheTreeAreAccepted() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Verdict verdict = check(good(new Random(seed)));
      assertTrue(verdict.isGood(), "seed " + seed + ": " + verdict);
    }
  }

  @Test
  void goodTransactionsAreAccepted() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<Operation<Transaction, TransactionAnswer>> history =
          Histories.make(
              new Random(seed),
              6,
              300,
              2,
              Histories.transactions(3, 1_000),
              new PlainKeyspace()::answer);
      Verdict verdict =
          new LinearizabilityCheck<>(new KeyspaceModel(history), 100_000).check(history);
      assertTrue(verdict.isGood(), "seed " + seed + ": " + verdict);
    }
  }

  /** A read that shows what an earlier read showed, though a write between the two was answered. */
  @Test
  void aStaleReadIsFound() {
    int tried = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<Operation<TreeCall, TreeAnswer>> history = good(new Random(seed));
      for (int late = history.size() - 1; late > history.size() - 200; late--) {
        int early = late - 100;
        if (isOvertaken(history, early, late)) {
          TreeAnswer old = history.get(early).answer().orElseThrow();
          assertBad(seed, Histories.withAnswer(history, late, answer -> old));
          tried++;
          break;
        }
      }
    }
    assertTrue(tried > SEEDS / 2, "only " + tried + " histories had such a read");
  }

  private static boolean isOvertaken(
      List<Operation<TreeCall, TreeAnswer>> history, int early, int late) {
    Operation<TreeCall, TreeAnswer> first = history.get(early);
    Operation<TreeCall, TreeAnswer> second = history.get(late);
    return first.call() instanceof TreeCall.Get
        && first.call().equals(second.call())
        && first.isKnown()
        && second.isKnown()
        && history.stream()
            .anyMatch(
                write ->
                    write.call().key().equals(first.call().key())
                        && write.answer().filter(TreeAnswer.Done.class::isInstance).isPresent()
                        && write.begun() > first.ended()
                        && write.ended() < second.begun());
  }

  /** A write that was acknowledged and left out: nobody sees it, and its index is free. */
  @Test
  void aLostWriteIsFound() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      PlainTree tree = new PlainTree();
      String lost = "lost";
      List<Operation<TreeCall, TreeAnswer>> history =
          new ArrayList<>(
              Histories.make(random, 8, 2_000, 0, Histories.treeCalls(5, 40), tree::answer));
      Operation<TreeCall, TreeAnswer> last =
          history.stream().max(Comparator.comparingLong(Operation::ended)).orElseThrow();
      TreeCall write = new TreeCall.Set(last.call().key(), lost);
      long index = last.answer().orElseThrow().index() + 1;
      history.add(
          Operation.answered(
              9, write, last.ended() + 1, new TreeAnswer.Done(index, index), last.ended() + 2));
      TreeCall read = new TreeCall.Get(write.key());
      TreeAnswer honest = tree.answer(read);
      history.add(Operation.answered(9, read, last.ended() + 3, honest, last.ended() + 4));
      assertBad(seed, history);
    }
  }

  /** Two answers of writes that did not overlap, exchanged. */
  @Test
  void exchangedIndexesAreFound() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<Operation<TreeCall, TreeAnswer>> history = good(new Random(seed));
      int[] sets =
          IntStream.range(0, history.size())
              .filter(i -> history.get(i).call() instanceof TreeCall.Set)
              .filter(i -> history.get(i).call().key().equals("k1") && history.get(i).isKnown())
              .toArray();
      int first = sets[10];
      int second = sets[sets.length - 10];
      assertTrue(history.get(first).ended() < history.get(second).begun());
      TreeAnswer early = history.get(first).answer().orElseThrow();
      TreeAnswer late = history.get(second).answer().orElseThrow();
      assertBad(
          seed,
          Histories.withAnswer(
              Histories.withAnswer(history, first, answer -> late), second, answer -> early));
    }
  }

  @Test
  void aSearchThatIsTooLargeSaysSo() {
    List<Operation<TreeCall, TreeAnswer>> history = good(new Random(1));
    Verdict verdict = new LinearizabilityCheck<>(new TreeKeyModel(), 100).check(history);
    assertInstanceOf(Verdict.GaveUp.class, verdict);
    assertFalse(verdict.isGood());
  }

  /** Sixty writes of unknown fate on one key, none of which ever showed. */
  @Test
  void manyWritesOfUnknownFateDoNotHoldTheSearchUp() {
    List<Operation<TreeCall, TreeAnswer>> history = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      history.add(Operation.unknown(i, new TreeCall.Set("k", "lost" + i), i));
      long index = 4 + i;
      history.add(
          Operation.answered(
              99,
              new TreeCall.Set("k", "v" + i),
              100 + 10L * i,
              new TreeAnswer.Done(index, index),
              101 + 10L * i));
      history.add(
          Operation.answered(
              99,
              new TreeCall.Get("k"),
              102 + 10L * i,
              new TreeAnswer.Found("v" + i, index, index, index),
              103 + 10L * i));
    }
    assertTrue(new LinearizabilityCheck<>(new TreeKeyModel(), 10_000).check(history).isGood());
  }
}
