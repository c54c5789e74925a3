// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.AuthCommand.Permission;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.engine.Table;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users, roles and the switch as etcd 3.4.23 applies the same entries. */
class AuthStoreTest {

  private static final Password HASHED =
      new Password("", Base64.getEncoder().encodeToString("$2a$...".getBytes()));

  private final MemoryEngine engine = new MemoryEngine(AuthStore.tables());
  private AuthStore store;
  private long index;
  private boolean before35 = true;

  @BeforeEach
  void open() {
    store = AuthStore.open(engine);
    store.hashWith((requestId, plain) -> Bytes.utf8("hash " + requestId + " of " + plain));
  }

  private Optional<Reason> as(String user, AuthCommand command) {
    return switch (apply(user, command)) {
      case Outcome.Refused(Refusal.Accounts(var reason)) -> Optional.of(reason);
      case Outcome.Done() -> Optional.empty();
      case Outcome.LoggedIn loggedIn -> Optional.empty();
      default -> throw new AssertionError(command);
    };
  }

  private Outcome apply(String user, AuthCommand command) {
    Batch batch = new Batch();
    index++;
    var context = new AuthStore.Context(user, 7000 + index, index, before35);
    Outcome outcome = store.apply(command, context, batch);
    engine.write(batch);
    store.publish();
    return outcome;
  }

  private void done(AuthCommand command) {
    assertEquals(Optional.empty(), as("root", command), () -> command.toString());
  }

  private void refused(Reason reason, AuthCommand command) {
    long before = store.state().revision();
    assertEquals(Optional.of(reason), as("root", command), () -> command.toString());
    assertEquals(before, store.state().revision(), "a refusal is no change");
  }

  private static AuthCommand.AddUser user(String name) {
    return new AuthCommand.AddUser(name, HASHED, false);
  }

  private static AuthCommand.GrantPermission grant(String role, int type, String key, String end) {
    return new AuthCommand.GrantPermission(
        role, new Permission(type, Bytes.utf8(key), Bytes.utf8(end)));
  }

  private void withRoot() {
    done(user("root"));
    done(new AuthCommand.GrantRole("root", "root"));
    done(new AuthCommand.Enable());
  }

  @Test
  void theSwitchNeedsARootWithItsRole() {
    assertEquals(1, store.state().revision());
    refused(Reason.ROOT_USER_MISSING, new AuthCommand.Enable());
    done(user("root"));
    refused(Reason.ROOT_ROLE_MISSING, new AuthCommand.Enable());
    done(new AuthCommand.GrantRole("root", "root"));
    done(new AuthCommand.Enable());
    assertTrue(store.state().enabled());
    assertEquals(3, store.state().revision(), "switching on is no change of users and roles");
    done(new AuthCommand.Enable());
    done(new AuthCommand.Disable());
    assertEquals(4, store.state().revision(), "switching off is one");
    done(new AuthCommand.Disable());
    assertEquals(4, store.state().revision());
    assertFalse(store.state().enabled());
  }

  @Test
  void whoKeepsTheKeysCanNotBeLockedOut() {
    withRoot();
    done(new AuthCommand.AddRole("root"));
    refused(Reason.MANAGEMENT_INVALID, new AuthCommand.DeleteUser("root"));
    refused(Reason.MANAGEMENT_INVALID, new AuthCommand.RevokeRole("root", "root"));
    refused(Reason.MANAGEMENT_INVALID, new AuthCommand.DeleteRole("root"));
    done(new AuthCommand.Disable());
    done(new AuthCommand.DeleteRole("root"));
    refused(Reason.ROLE_NOT_GRANTED, new AuthCommand.RevokeRole("root", "root"));
    done(new AuthCommand.DeleteUser("root"));
  }

  @Test
  void onlyRootChangesUsersWhenItIsOn() {
    done(user("u"));
    withRoot();
    assertEquals(Optional.of(Reason.USER_EMPTY), as("", user("x")));
    assertEquals(Optional.of(Reason.USER_NOT_FOUND), as("nobody", user("x")));
    assertEquals(Optional.of(Reason.PERMISSION_DENIED), as("u", new AuthCommand.Disable()));
    assertEquals(Optional.of(Reason.USER_EMPTY), as("", new AuthCommand.Enable()));
    done(user("x"));
  }

  @Test
  void usersAndRolesAreRefusedAsInEtcd() {
    refused(Reason.USER_EMPTY, user(""));
    done(user("u"));
    refused(Reason.USER_EXISTS, user("u"));
    refused(Reason.USER_NOT_FOUND, new AuthCommand.DeleteUser("x"));
    refused(Reason.USER_NOT_FOUND, new AuthCommand.ChangePassword("x", HASHED));
    refused(Reason.ROLE_EMPTY, new AuthCommand.AddRole(""));
    done(new AuthCommand.AddRole("r"));
    refused(Reason.ROLE_EXISTS, new AuthCommand.AddRole("r"));
    refused(Reason.ROLE_NOT_FOUND, new AuthCommand.DeleteRole("x"));
    refused(Reason.USER_NOT_FOUND, new AuthCommand.GrantRole("x", "r"));
    refused(Reason.ROLE_NOT_FOUND, new AuthCommand.GrantRole("u", "x"));
    refused(Reason.ROLE_NOT_GRANTED, new AuthCommand.RevokeRole("u", "r"));
    refused(Reason.ROLE_NOT_FOUND, grant("x", Permission.READ, "a", ""));
    refused(
        Reason.PERMISSION_NOT_GRANTED,
        new AuthCommand.RevokePermission("r", Bytes.utf8("a"), Bytes.EMPTY));
    refused(
        Reason.ROLE_NOT_FOUND, new AuthCommand.RevokePermission("x", Bytes.utf8("a"), Bytes.EMPTY));
  }

  @Test
  void aRoleGrantedTwiceIsNoChange() {
    done(user("u"));
    done(new AuthCommand.AddRole("r"));
    done(new AuthCommand.GrantRole("u", "r"));
    long revision = store.state().revision();
    done(new AuthCommand.GrantRole("u", "r"));
    assertEquals(revision, store.state().revision());
    done(new AuthCommand.DeleteRole("r"));
    assertEquals(List.of(), store.state().user("u").orElseThrow().roles());
  }

  @Test
  void rolesOfAUserAreInTheOrderOfBytes() {
    done(user("u"));
    String beyond = new String(Character.toChars(0x1F600));
    for (String role : List.of(beyond, "b", "\uFFFDx", "a")) {
      done(new AuthCommand.AddRole(role));
      done(new AuthCommand.GrantRole("u", role));
    }
    assertEquals(
        List.of("a", "b", "\uFFFDx", beyond), store.state().user("u").orElseThrow().roles());
  }

  /** Recorded from 3.4.23 with the same four grants. */
  @Test
  void permissionsOfOneKeyStandAsGrantedAndMayDouble() {
    done(new AuthCommand.AddRole("r"));
    done(grant("r", Permission.READ, "a", ""));
    done(grant("r", Permission.READ, "a", "b"));
    done(grant("r", Permission.WRITE, "a", ""));
    done(grant("r", Permission.WRITE, "a", "b"));
    assertEquals(
        List.of(
            new Permission(Permission.WRITE, Bytes.utf8("a"), Bytes.EMPTY),
            new Permission(Permission.READ, Bytes.utf8("a"), Bytes.utf8("b")),
            new Permission(Permission.WRITE, Bytes.utf8("a"), Bytes.utf8("b"))),
        store.state().role("r").orElseThrow().permissions());
    done(new AuthCommand.RevokePermission("r", Bytes.utf8("a"), Bytes.utf8("b")));
    assertEquals(1, store.state().role("r").orElseThrow().permissions().size());
  }

  @Test
  void aRangeThatIsNoneIsTakenAsLongAsAMemberOf34MayBeThere() {
    done(new AuthCommand.AddRole("r"));
    done(grant("r", Permission.READ, "b", "a"));
    before35 = false;
    refused(Reason.MANAGEMENT_INVALID, grant("r", Permission.READ, "c", "a"));
    refused(Reason.MANAGEMENT_INVALID, grant("r", Permission.READ, "", "a"));
  }

  @Test
  void passwordsComeInTwoForms() {
    done(new AuthCommand.AddUser("plain", new Password("p", ""), false));
    assertEquals("hash 7001 of p", store.state().user("plain").orElseThrow().password().utf8());
    done(user("hashed"));
    assertEquals("$2a$...", store.state().user("hashed").orElseThrow().password().utf8());
    done(new AuthCommand.AddUser("none", Password.NONE, true));
    assertEquals(Bytes.EMPTY, store.state().user("none").orElseThrow().password());
    done(new AuthCommand.ChangePassword("none", new Password("p", "")));
    assertEquals("hash 7004 of p", store.state().user("none").orElseThrow().password().utf8());
    before35 = false;
    done(new AuthCommand.ChangePassword("none", HASHED));
    assertEquals(Bytes.EMPTY, store.state().user("none").orElseThrow().password());
    assertFalse(store.state().user("none").orElseThrow().hasPassword());
    refused(
        Reason.NO_PASSWORD_USER,
        new AuthCommand.AddUser("x", new Password("", "no base64!"), false));
  }

  @Test
  void whoLogsInGetsATokenThatEndsInTheLogIndex() {
    refused(Reason.NOT_ENABLED, new AuthCommand.Authenticate("root", "abc"));
    done(new AuthCommand.AddUser("none", Password.NONE, true));
    withRoot();
    refused(Reason.LOGIN_FAILED, new AuthCommand.Authenticate("nobody", "abc"));
    refused(Reason.LOGIN_FAILED, new AuthCommand.Authenticate("none", "abc"));
    assertEquals(List.of(), store.takeTokenChanges());
    assertEquals(
        new Outcome.LoggedIn("abc." + (index + 1)),
        apply("", new AuthCommand.Authenticate("root", "abc")));
    done(new AuthCommand.ChangePassword("root", HASHED));
    done(new AuthCommand.DeleteUser("none"));
    done(new AuthCommand.Disable());
    assertEquals(
        List.of(
            new TokenChange.Issued("abc." + (index - 3), "root"),
            new TokenChange.UserChanged("root"),
            new TokenChange.UserChanged("none"),
            new TokenChange.AllEnded()),
        store.takeTokenChanges());
    assertEquals(List.of(), store.takeTokenChanges());
  }

  /** The record of root, as the database of a 3.4.23 has it behind the same commands. */
  @Test
  void aUsersRecordHasEtcdsBytes() {
    String hash = "$2a$10$aMk1j4DmnWwQ0Owizc6eGOpdVk9OOuBYs2jF0AWdtjUd5.AIJGruW";
    String base64 = Base64.getEncoder().encodeToString(hash.getBytes());
    done(new AuthCommand.AddUser("root", new Password("", base64), false));
    done(new AuthCommand.GrantRole("root", "root"));
    done(new AuthCommand.Enable());
    assertEquals(
        "0a04726f6f74123c" + HexFormat.of().formatHex(hash.getBytes()) + "1a04726f6f742200",
        record("authUsers", "root"));
    assertEquals("01", record("auth", "authEnabled"));
    assertEquals("0000000000000003", record("auth", "authRevision"));
  }

  @Test
  void whatWasWrittenIsThereAfterAStart() {
    done(new AuthCommand.AddRole("r"));
    done(grant("r", Permission.READ_WRITE, "k", "l"));
    done(new AuthCommand.AddUser("u", Password.NONE, true));
    done(new AuthCommand.GrantRole("u", "r"));
    done(user("gone"));
    done(new AuthCommand.DeleteUser("gone"));
    withRoot();
    AuthState before = store.state();
    open();
    assertTrue(store.state().enabled());
    assertEquals(before.revision(), store.state().revision());
    assertEquals(List.copyOf(before.users()), List.copyOf(store.state().users()));
    assertEquals(List.copyOf(before.roles()), List.copyOf(store.state().roles()));
  }

  private String record(String table, String key) {
    return engine.get(new Table(table), Bytes.utf8(key)).orElseThrow().hex();
  }
}
