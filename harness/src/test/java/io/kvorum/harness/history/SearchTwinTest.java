// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The search says the same as the twin that tries everything, on tiny histories that were right
 * before up to two of their answers were changed. {@code -Dseeds=} for more of them.
 */
class SearchTwinTest {
  private static final int SEEDS = Integer.getInteger("seeds", 1_500);

  @Test
  void onKeysOfTheTree() {
    agree(
        TreeKeyModel::new,
        random ->
            Histories.make(random, 3, 6, 25, Histories.treeCalls(1, 2), new PlainTree()::answer),
        random -> answer -> treeAnswer(random, answer));
  }

  @Test
  void onTransactions() {
    agree(
        KeyspaceModel::new,
        random ->
            Histories.make(
                random, 3, 6, 25, Histories.transactions(2, 2), new PlainKeyspace()::answer),
        random -> answer -> transactionAnswer(random, answer));
  }

  private interface Maker<C, A> {
    List<Operation<C, A>> make(Random random);
  }

  private interface Changer<A> {
    UnaryOperator<A> make(Random random);
  }

  private static <S, C, A> void agree(
      Function<List<Operation<C, A>>, Model<S, C, A>> models,
      Maker<C, A> maker,
      Changer<A> changer) {
    int good = 0;
    int bad = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      List<Operation<C, A>> history = maker.make(random);
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        history =
            Histories.withAnswer(history, random.nextInt(history.size()), changer.make(random));
      }
      Model<S, C, A> model = models.apply(history);
      boolean explained = EveryOrder.explains(model, history);
      Verdict verdict = new LinearizabilityCheck<>(model).check(history);
      assertEquals(explained, verdict.isGood(), "seed " + seed + ": " + history + "\n" + verdict);
      good += explained ? 1 : 0;
      bad += explained ? 0 : 1;
    }
    assertTrue(good > SEEDS / 10 && bad > SEEDS / 10, good + " good and " + bad + " bad ones");
  }

  private static TreeAnswer treeAnswer(Random random, TreeAnswer answer) {
    long index = answer.index() + random.nextInt(3) - 1;
    String value = "v" + random.nextInt(2);
    return switch (answer) {
      case TreeAnswer.Found found ->
          random.nextInt(5) == 0
              ? new TreeAnswer.Missing(index)
              : new TreeAnswer.Found(value, found.created(), found.modified(), index);
      case TreeAnswer.Missing missing ->
          random.nextBoolean() ? new TreeAnswer.Missing(index) : new TreeAnswer.Exists(index);
      case TreeAnswer.Exists exists ->
          random.nextBoolean() ? new TreeAnswer.Exists(index) : new TreeAnswer.Done(index, index);
      case TreeAnswer.Differs differs ->
          random.nextBoolean() ? new TreeAnswer.Missing(index) : new TreeAnswer.Differs(index);
      case TreeAnswer.Done done ->
          random.nextBoolean()
              ? new TreeAnswer.Done(index, index)
              : new TreeAnswer.Done(done.created(), index);
    };
  }

  private static TransactionAnswer transactionAnswer(Random random, TransactionAnswer answer) {
    if (random.nextInt(3) == 0 || answer.steps().isEmpty()) {
      long revision = answer.revision() + random.nextInt(3) - 1;
      return new TransactionAnswer(revision, answer.succeeded(), answer.steps());
    }
    List<TransactionAnswer.StepAnswer> steps = new ArrayList<>(answer.steps());
    int at = random.nextInt(steps.size());
    TransactionAnswer.StepAnswer other =
        switch (steps.get(at)) {
          case TransactionAnswer.Got got ->
              new TransactionAnswer.Got(
                  got.version()
                      .map(
                          shown ->
                              new TransactionAnswer.Version(
                                  "v" + random.nextInt(2),
                                  shown.created(),
                                  shown.modified() + random.nextInt(2),
                                  shown.version() + random.nextInt(2))));
          case TransactionAnswer.Stored stored -> new TransactionAnswer.Removed(1);
          case TransactionAnswer.Removed removed ->
              new TransactionAnswer.Removed(1 - removed.count());
        };
    steps.set(at, other);
    return new TransactionAnswer(answer.revision(), answer.succeeded(), steps);
  }
}
