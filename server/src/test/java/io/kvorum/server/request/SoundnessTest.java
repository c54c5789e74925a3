// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal.Unsound.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SoundnessTest {
  private static final Put A = put("a");
  private static final Put B = put("b");
  private static final RangeQuery READ = RangeQuery.of(Bytes.utf8("a"));
  private static final DeleteRange DELETE_A = delete("a", "");
  private static final DeleteRange DELETE_ALL = delete("\0", "\0");

  @Test
  void aKeyIsNeededEverywhere() {
    for (Operation operation :
        List.of(put(""), delete("", "b"), RangeQuery.of(Bytes.EMPTY, Bytes.utf8("b")))) {
      assertFault(Reason.KEY_NOT_PROVIDED, operation);
      assertFault(Reason.KEY_NOT_PROVIDED, success(operation));
      assertFault(Reason.KEY_NOT_PROVIDED, success(success(operation)));
      assertFault(Reason.KEY_NOT_PROVIDED, new Txn(List.of(), List.of(), List.of(operation)));
    }
    Compare nothing = Compare.value(Bytes.EMPTY, Compare.Relation.EQUAL, Bytes.EMPTY);
    assertFault(Reason.KEY_NOT_PROVIDED, new Txn(List.of(nothing), List.of(), List.of()));
  }

  @Test
  void whatIsToBeKeptMustNotBeGiven() {
    Bytes key = Bytes.utf8("a");
    assertFault(Reason.VALUE_PROVIDED, new Put(key, Bytes.utf8("v"), 0, false, true, false));
    assertFault(Reason.LEASE_PROVIDED, new Put(key, Bytes.utf8("v"), 7, false, false, true));
    assertFault(Reason.VALUE_PROVIDED, new Put(key, Bytes.utf8("v"), 7, false, true, true));
    assertSound(new Put(key, Bytes.EMPTY, 0, false, true, true));
  }

  @Test
  void aTransactionHasABudgetThatNestedOnesShare() {
    assertSound(success(Collections.nCopies(128, READ).toArray(Operation[]::new)));
    assertFault(
        Reason.TOO_MANY_OPERATIONS,
        success(Collections.nCopies(129, READ).toArray(Operation[]::new)));
    assertEquals(Optional.empty(), Soundness.fault(success(success(READ)), 2));
    assertEquals(
        Optional.of(Reason.TOO_MANY_OPERATIONS), Soundness.fault(success(success(READ)), 1));
    assertEquals(
        Optional.of(Reason.TOO_MANY_OPERATIONS),
        Soundness.fault(success(READ, success(READ, READ)), 3));
  }

  @Test
  void oneBranchPutsAKeyOnceAndDoesNotDeleteItToo() {
    assertFault(Reason.DUPLICATE_KEY, success(A, A));
    assertFault(Reason.DUPLICATE_KEY, success(A, DELETE_A));
    assertFault(Reason.DUPLICATE_KEY, success(DELETE_ALL, A));
    assertFault(Reason.DUPLICATE_KEY, new Txn(List.of(), List.of(), List.of(A, A)));
    assertSound(success(A, B, READ, READ));
    assertSound(success(DELETE_A, DELETE_ALL, delete("b", "")));
    assertSound(new Txn(List.of(), List.of(A), List.of(A)));
  }

  @Test
  void nestedTransactionsCountWithTheBranchTheyAreIn() {
    assertFault(Reason.DUPLICATE_KEY, success(A, success(A)));
    assertFault(Reason.DUPLICATE_KEY, success(success(A), success(A)));
    assertFault(Reason.DUPLICATE_KEY, success(DELETE_A, success(A)));
    assertFault(Reason.DUPLICATE_KEY, success(A, success(DELETE_A)));
    assertFault(Reason.DUPLICATE_KEY, success(success(DELETE_A), success(A)));
    assertFault(Reason.DUPLICATE_KEY, success(success(A, A)));
    assertSound(success(new Txn(List.of(), List.of(A), List.of(A))));
    // etcd lets this order through.
    assertSound(success(success(A), success(DELETE_A)));
  }

  @Test
  void whatOnlyReadsNeedsNoLog() {
    assertTrue(Soundness.onlyReads(success()));
    assertTrue(Soundness.onlyReads(success(READ)));
    assertFalse(Soundness.onlyReads(success(READ, A)));
    assertFalse(Soundness.onlyReads(new Txn(List.of(), List.of(), List.of(DELETE_A))));
    assertFalse(Soundness.onlyReads(success(success(READ))), "as etcd has it");
    assertTrue(Soundness.isSerializable(success()));
    assertFalse(Soundness.isSerializable(success(READ)));
  }

  private static void assertFault(Reason reason, Operation operation) {
    assertEquals(Optional.of(reason), Soundness.fault(operation, 128), operation.toString());
  }

  private static void assertSound(Operation operation) {
    assertEquals(Optional.empty(), Soundness.fault(operation, 128), operation.toString());
  }

  private static Put put(String key) {
    return new Put(Bytes.utf8(key), Bytes.utf8("v"));
  }

  private static DeleteRange delete(String key, String end) {
    return new DeleteRange(Bytes.utf8(key), Bytes.utf8(end), false);
  }

  private static Txn success(Operation... operations) {
    return new Txn(List.of(), List.of(operations), List.of());
  }
}
