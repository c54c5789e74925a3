// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store of v2 keys must never answer, each the smallest history that shows it. */
class BadTreeHistoriesTest {
  private final List<Operation<TreeCall, TreeAnswer>> history = new ArrayList<>();

  private void answered(TreeCall call, long begun, TreeAnswer answer, long ended) {
    history.add(Operation.answered(1, call, begun, answer, ended));
  }

  private void unknown(TreeCall call, long begun) {
    history.add(Operation.unknown(2, call, begun));
  }

  private static TreeCall set(String value) {
    return new TreeCall.Set("k", value);
  }

  private static TreeAnswer done(long index) {
    return new TreeAnswer.Done(index, index);
  }

  private static TreeAnswer found(String value, long modified, long index) {
    return new TreeAnswer.Found(value, modified, modified, index);
  }

  private static final TreeCall GET = new TreeCall.Get("k");

  private String rejected() {
    Verdict verdict = new LinearizabilityCheck<>(new TreeKeyModel()).check(history);
    return assertInstanceOf(Verdict.NotLinearizable.class, verdict).story();
  }

  private void accepted() {
    Verdict verdict = new LinearizabilityCheck<>(new TreeKeyModel()).check(history);
    assertTrue(verdict.isGood(), () -> history + "\n" + verdict);
  }

  @Test
  void aStaleRead() {
    answered(set("a"), 1, done(4), 2);
    answered(set("b"), 3, done(5), 4);
    answered(GET, 5, found("a", 4, 5), 6);
    rejected();
  }

  @Test
  void aStaleReadThatIsHonestAboutItsIndex() {
    answered(set("a"), 1, done(4), 2);
    answered(set("b"), 3, done(5), 4);
    answered(GET, 5, found("a", 4, 4), 6);
    rejected();
  }

  @Test
  void aReadBesideAWriteMayShowEither() {
    answered(set("a"), 1, done(4), 2);
    answered(set("b"), 3, done(5), 6);
    answered(GET, 4, found("a", 4, 4), 5);
    accepted();
  }

  @Test
  void whatWasSeenIsTakenBack() {
    answered(set("a"), 1, done(4), 2);
    answered(set("b"), 3, done(5), 10);
    answered(GET, 4, found("b", 5, 5), 5);
    answered(GET, 6, found("a", 4, 5), 7);
    rejected();
  }

  @Test
  void anAcknowledgedWriteIsLost() {
    answered(set("a"), 1, done(4), 2);
    answered(GET, 3, new TreeAnswer.Missing(4), 4);
    rejected();
  }

  @Test
  void aLostUpdate() {
    answered(set("a"), 1, done(4), 2);
    answered(new TreeCall.SwapValue("k", "a", "b"), 3, new TreeAnswer.Done(4, 5), 8);
    answered(new TreeCall.SwapValue("k", "a", "c"), 4, new TreeAnswer.Done(4, 6), 7);
    rejected();
  }

  @Test
  void twoCreatorsOfOneKey() {
    answered(new TreeCall.Create("k", "a"), 1, done(4), 4);
    answered(new TreeCall.Create("k", "b"), 2, done(5), 3);
    rejected();
  }

  @Test
  void aWriteIsAppliedTwice() {
    unknown(set("a"), 1);
    answered(GET, 2, found("a", 4, 4), 3);
    answered(set("b"), 4, done(5), 5);
    answered(GET, 6, found("a", 6, 6), 7);
    rejected();
  }

  @Test
  void aWriteOfUnknownFateMayComeLate() {
    unknown(set("a"), 1);
    answered(set("b"), 4, done(5), 5);
    answered(GET, 6, found("b", 5, 5), 7);
    answered(GET, 8, found("a", 6, 6), 9);
    accepted();
  }

  @Test
  void aWriteOfUnknownFateMayNeverCome() {
    unknown(set("a"), 1);
    unknown(new TreeCall.Delete("k"), 1);
    answered(set("b"), 4, done(5), 5);
    answered(GET, 6, found("b", 5, 5), 7);
    accepted();
  }

  @Test
  void aWriteComesBeforeItWasCalled() {
    answered(GET, 1, found("a", 4, 4), 2);
    unknown(set("a"), 3);
    rejected();
  }

  @Test
  void aValueFromNowhere() {
    answered(set("a"), 1, done(4), 2);
    answered(GET, 3, found("x", 4, 4), 4);
    rejected();
  }

  @Test
  void anIndexThatGoesBack() {
    answered(set("a"), 1, done(5), 2);
    answered(set("b"), 3, done(4), 4);
    rejected();
  }

  @Test
  void anIndexThatAReadHadPassed() {
    answered(set("a"), 1, done(4), 2);
    answered(GET, 3, found("a", 4, 9), 4);
    answered(set("b"), 5, done(9), 6);
    rejected();
  }

  @Test
  void aNodeWithTwoIndexes() {
    answered(set("a"), 1, done(4), 2);
    answered(GET, 3, found("a", 5, 5), 4);
    rejected();
  }

  @Test
  void aWriteOfUnknownFateWithTwoIndexes() {
    unknown(set("a"), 1);
    answered(GET, 2, found("a", 4, 9), 3);
    answered(GET, 4, found("a", 5, 9), 5);
    rejected();
  }

  @Test
  void anUpdateThatForgetsWhenItWasCreated() {
    answered(set("a"), 1, done(4), 2);
    answered(new TreeCall.Update("k", "b"), 3, done(5), 4);
    rejected();
  }

  @Test
  void aSwapThatShouldHaveFailed() {
    answered(set("a"), 1, done(4), 2);
    answered(new TreeCall.SwapIndex("k", 3, "b"), 3, new TreeAnswer.Done(4, 5), 4);
    rejected();
  }

  @Test
  void aSwapThatShouldHaveWorked() {
    answered(set("a"), 1, done(4), 2);
    answered(new TreeCall.SwapIndex("k", 4, "b"), 3, new TreeAnswer.Differs(4), 4);
    rejected();
  }

  @Test
  void aDeletedKeyThatComesBack() {
    answered(set("a"), 1, done(4), 2);
    answered(new TreeCall.Delete("k"), 3, new TreeAnswer.Done(4, 5), 4);
    answered(GET, 5, found("a", 4, 5), 6);
    rejected();
  }

  @Test
  void theStoryIsTheShortestBeginningAndWhatStandsInTheWay() {
    answered(set("a"), 1, done(4), 2);
    answered(set("b"), 3, done(5), 4);
    answered(GET, 5, found("a", 4, 5), 6);
    for (int i = 0; i < 50; i++) {
      answered(GET, 10 + 2 * i, found("b", 5, 5), 11 + 2 * i);
    }
    String story = rejected();
    assertTrue(story.contains("3 of 53 answers are enough"), story);
    assertTrue(story.contains("explains 2 answers"), story);
    assertTrue(story.contains("value=a, created=4, modified=4, index=5"), story);
  }

  @Test
  void aFaultOfOneKeyIsFoundAmongMany() {
    for (int i = 0; i < 200; i++) {
      answered(new TreeCall.Set("k" + i, "a"), 10 * i, done(4 + i), 10 * i + 1);
    }
    answered(new TreeCall.Get("k77"), 5_000, new TreeAnswer.Missing(300), 5_001);
    assertTrue(rejected().contains("about k77;"));
  }
}
