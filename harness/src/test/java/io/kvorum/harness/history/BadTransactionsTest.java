// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a v3 keyspace must never answer, each the smallest history that shows it. */
class BadTransactionsTest {
  private final List<Operation<Transaction, TransactionAnswer>> history = new ArrayList<>();

  private void put(String key, String value, long begun, long revision, long ended) {
    add(
        Transaction.of(new Transaction.Put(key, value)),
        begun,
        new TransactionAnswer(revision, true, List.of(new TransactionAnswer.Stored())),
        ended);
  }

  private void get(
      String key, long begun, long revision, TransactionAnswer.Version shown, long ended) {
    add(
        Transaction.of(new Transaction.Get(key)),
        begun,
        new TransactionAnswer(revision, true, List.of(got(shown))),
        ended);
  }

  private void add(Transaction call, long begun, TransactionAnswer answer, long ended) {
    history.add(Operation.answered(1, call, begun, answer, ended));
  }

  private static TransactionAnswer.Got got(TransactionAnswer.Version shown) {
    return new TransactionAnswer.Got(Optional.of(shown));
  }

  private static TransactionAnswer.Version shown(
      String value, long created, long modified, long version) {
    return new TransactionAnswer.Version(value, created, modified, version);
  }

  private void rejected() {
    assertInstanceOf(
        Verdict.NotLinearizable.class,
        new LinearizabilityCheck<>(new KeyspaceModel()).check(history));
  }

  private void accepted() {
    Verdict verdict = new LinearizabilityCheck<>(new KeyspaceModel()).check(history);
    assertTrue(verdict.isGood(), () -> history + "\n" + verdict);
  }

  /** Moves the value of one account to another one, of which both must be as expected. */
  private static Transaction move(String from, String to) {
    return new Transaction(
        List.of(new Transaction.ValueIs("a", "1"), new Transaction.ValueIs("b", "1")),
        List.of(new Transaction.Put("a", from), new Transaction.Put("b", to)),
        List.of(new Transaction.Get("a"), new Transaction.Get("b")));
  }

  private void twoAccounts() {
    put("a", "1", 1, 2, 2);
    put("b", "1", 3, 3, 4);
  }

  private static final List<TransactionAnswer.StepAnswer> BOTH_STORED =
      List.of(new TransactionAnswer.Stored(), new TransactionAnswer.Stored());

  private static final Transaction BOTH =
      new Transaction(
          List.of(), List.of(new Transaction.Get("a"), new Transaction.Get("b")), List.of());

  @Test
  void halfATransactionIsSeen() {
    twoAccounts();
    add(move("0", "2"), 5, new TransactionAnswer(4, true, BOTH_STORED), 20);
    add(
        BOTH,
        6,
        new TransactionAnswer(4, true, List.of(got(shown("0", 2, 4, 2)), got(shown("1", 3, 3, 1)))),
        7);
    rejected();
  }

  @Test
  void aWholeTransactionIsSeen() {
    twoAccounts();
    add(move("0", "2"), 5, new TransactionAnswer(4, true, BOTH_STORED), 20);
    add(
        BOTH,
        6,
        new TransactionAnswer(4, true, List.of(got(shown("0", 2, 4, 2)), got(shown("2", 3, 4, 2)))),
        7);
    accepted();
  }

  @Test
  void aLostUpdate() {
    twoAccounts();
    add(move("0", "2"), 5, new TransactionAnswer(4, true, BOTH_STORED), 20);
    add(move("2", "0"), 6, new TransactionAnswer(5, true, BOTH_STORED), 19);
    rejected();
  }

  @Test
  void aTransactionOfUnknownFateIsAppliedTwice() {
    Transaction more =
        new Transaction(List.of(), List.of(new Transaction.Put("a", "x")), List.of());
    history.add(Operation.unknown(2, more, 1));
    get("a", 2, 2, shown("x", 2, 2, 1), 3);
    get("a", 4, 3, shown("x", 2, 3, 2), 5);
    rejected();
  }

  @Test
  void aStaleRead() {
    put("a", "1", 1, 2, 2);
    put("a", "2", 3, 3, 4);
    get("a", 5, 2, shown("1", 2, 2, 1), 6);
    rejected();
  }

  @Test
  void aVersionThatSkips() {
    put("a", "1", 1, 2, 2);
    get("a", 3, 2, shown("1", 2, 2, 2), 4);
    rejected();
  }

  @Test
  void aRevisionThatGoesBack() {
    put("a", "1", 1, 3, 2);
    put("a", "2", 3, 2, 4);
    rejected();
  }

  @Test
  void aReadThatIsOlderThanWhatItShows() {
    put("a", "1", 1, 3, 2);
    get("a", 3, 2, shown("1", 3, 3, 1), 4);
    rejected();
  }

  @Test
  void aConditionThatDidNotHold() {
    put("a", "1", 1, 2, 2);
    Transaction swap =
        new Transaction(
            List.of(new Transaction.ModifiedAt("a", 7)),
            List.of(new Transaction.Put("a", "2")),
            List.of());
    add(swap, 3, new TransactionAnswer(3, true, List.of(new TransactionAnswer.Stored())), 4);
    rejected();
  }

  @Test
  void aConditionThatHeld() {
    put("a", "1", 1, 2, 2);
    Transaction swap =
        new Transaction(
            List.of(new Transaction.ModifiedAt("a", 2)),
            List.of(new Transaction.Put("a", "2")),
            List.of());
    add(swap, 3, new TransactionAnswer(2, false, List.of()), 4);
    rejected();
  }

  @Test
  void aWriteOfUnknownFateHasTheRevisionThatASwapFound() {
    history.add(Operation.unknown(2, Transaction.of(new Transaction.Put("a", "x")), 1));
    Transaction swap =
        new Transaction(
            List.of(new Transaction.ModifiedAt("a", 4)),
            List.of(new Transaction.Get("a")),
            List.of());
    add(swap, 3, new TransactionAnswer(4, true, List.of(got(shown("x", 4, 4, 1)))), 4);
    accepted();
    get("a", 5, 5, shown("x", 5, 5, 1), 6);
    rejected();
  }

  @Test
  void aDeletionThatLeavesTheKey() {
    put("a", "1", 1, 2, 2);
    add(
        Transaction.of(new Transaction.Delete("a")),
        3,
        new TransactionAnswer(3, true, List.of(new TransactionAnswer.Removed(1))),
        4);
    get("a", 5, 3, shown("1", 2, 2, 1), 6);
    rejected();
  }
}
