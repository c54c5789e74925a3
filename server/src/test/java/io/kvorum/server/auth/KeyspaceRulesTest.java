// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.UserRecord.Login;
import io.kvorum.server.command.AuthCommand.Permission;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.Compare.Relation;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request.Requester;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyspaceRulesTest {

  private static final Bytes VALUE = Bytes.utf8("v");
  private static final long LEASE = 7;

  /** u reads a, writes w, does both with b; the lease holds b and z. */
  private static final AuthState STATE =
      AuthState.EMPTY
          .with(
              new RoleRecord(
                  "r",
                  List.of(
                      permission(Permission.READ, "a"),
                      permission(Permission.READ_WRITE, "b"),
                      permission(Permission.WRITE, "w"))))
          .with(new UserRecord("u", Bytes.EMPTY, List.of("gone", "r"), Login.PASSWORD))
          .with(new UserRecord("admin", Bytes.EMPTY, List.of("root"), Login.PASSWORD))
          .switched(true)
          .at(5);

  private static Permission permission(int type, String key) {
    return new Permission(type, Bytes.utf8(key), Bytes.EMPTY);
  }

  private static List<Bytes> attached(long lease) {
    return lease == LEASE ? List.of(Bytes.utf8("b"), Bytes.utf8("z")) : List.of();
  }

  private static Optional<Reason> request(Requester requester, Operation operation) {
    return KeyspaceRules.ofRequests(STATE, requester, KeyspaceRulesTest::attached)
        .objection(operation);
  }

  private static Optional<Reason> logged(Requester requester, Operation operation) {
    return KeyspaceRules.ofTheLog(STATE, requester, KeyspaceRulesTest::attached)
        .objection(operation);
  }

  private static final Requester USER = new Requester("u", 5);

  private static void both(Optional<Reason> expected, Operation operation) {
    assertEquals(expected, request(USER, operation), "a request");
    assertEquals(expected, logged(USER, operation), "the log");
    assertEquals(Optional.empty(), request(new Requester("admin", 5), operation));
  }

  private static Put put(String key, long lease, boolean previous) {
    return new Put(Bytes.utf8(key), VALUE, lease, previous, false, false);
  }

  private static final Optional<Reason> DENIED = Optional.of(Reason.PERMISSION_DENIED);
  private static final Optional<Reason> FINE = Optional.empty();

  @Test
  void aPutNeedsToWriteAndForThePreviousValueToRead() {
    both(FINE, put("w", 0, false));
    both(DENIED, put("w", 0, true));
    both(FINE, put("b", 0, true));
    both(DENIED, put("a", 0, false));
  }

  @Test
  void aLeaseWithKeysOfOthersIsNotForEverybody() {
    both(FINE, put("b", LEASE + 1, false));
    both(DENIED, put("b", LEASE, false));
  }

  @Test
  void aDeletionNeedsToWriteAndForThePreviousValuesToRead() {
    both(FINE, new DeleteRange(Bytes.utf8("w"), Bytes.EMPTY, false));
    both(DENIED, new DeleteRange(Bytes.utf8("w"), Bytes.EMPTY, true));
    both(DENIED, new DeleteRange(Bytes.utf8("a"), Bytes.utf8("c"), false));
  }

  @Test
  void aTransactionNeedsAllOfBothBranches() {
    both(FINE, new Txn(List.of(), List.of(put("w", 0, false)), List.of(put("b", 0, false))));
    both(DENIED, new Txn(List.of(), List.of(put("w", 0, false)), List.of(put("a", 0, false))));
    Compare compare = Compare.value(Bytes.utf8("w"), Relation.EQUAL, VALUE);
    both(DENIED, new Txn(List.of(compare), List.of(), List.of()));
    both(
        DENIED,
        new Txn(
            List.of(), List.of(new DeleteRange(Bytes.utf8("w"), Bytes.EMPTY, true)), List.of()));
  }

  /** What 3.4 does not look at must not be refused in the log, and is refused in a request. */
  @Test
  void someOfATransactionIsOnlyLookedAtInRequests() {
    for (Operation hidden :
        List.of(
            put("w", 0, true),
            put("b", LEASE, false),
            new Txn(List.of(), List.of(put("z", 0, false)), List.of()))) {
      Txn txn = new Txn(List.of(), List.of(hidden), List.of());
      assertEquals(DENIED, request(USER, txn), () -> "request " + hidden);
      assertEquals(FINE, logged(USER, txn), () -> "log " + hidden);
    }
  }

  @Test
  void whoAsksMustBeKnownAndUpToDate() {
    Put put = put("w", 0, false);
    assertEquals(Optional.of(Reason.USER_EMPTY), request(Requester.NOBODY, put));
    assertEquals(Optional.of(Reason.REVISION_OLD), request(new Requester("u", 4), put));
    assertEquals(FINE, request(new Requester("u", 6), put));
    assertEquals(DENIED, request(new Requester("nobody", 5), put));
    assertEquals(Optional.of(Reason.REVISION_OLD), logged(new Requester("admin", 4), put));
  }
}
