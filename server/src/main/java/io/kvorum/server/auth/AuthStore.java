// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.UserRecord.Login;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Users, roles and the switch of the v3 API.
 *
 * <p>Owned by the apply thread, except {@link #state}, which any thread may ask for. Records are
 * the bytes of etcd's buckets {@code auth}, {@code authUsers} and {@code authRoles}; checks, their
 * order and what counts for the revision are those of 3.4.23, which may apply the same log.
 *
 * <p>Tokens are no state: they live in memory, for as long as this member's clock says. What a
 * command means for them leaves with {@link #takeTokenChanges}, like every effect of a round.
 */
public final class AuthStore {

  private final Engine engine;
  private final List<TokenChange> tokenChanges = new ArrayList<>();

  private PlainPasswords passwords = PlainPasswords.atOnce(BcryptHash.COST);

  /** After everything applied so far. */
  private AuthState working;

  private volatile AuthState published;

  /**
   * Where a command stands.
   *
   * @param user who asks, as the proposer says
   * @param logIndex of its entry; the end of a token
   * @param before35 whether the cluster is one in which a member of 3.4 can be
   */
  public record Context(String user, long requestId, long logIndex, boolean before35) {}

  private AuthStore(Engine engine) {
    this.engine = engine;
    working = AuthTables.load(engine);
    published = working;
  }

  /** What {@code engine} holds. */
  public static AuthStore open(Engine engine) {
    return new AuthStore(engine);
  }

  /** Has passwords hashed there from now on. To be called before anything else is applied. */
  public void hashWith(PlainPasswords hashing) {
    passwords = hashing;
  }

  /** The tables an engine must have been opened with. */
  public static List<Table> tables() {
    return AuthTables.ALL;
  }

  /** The newest state that readers may see. Any thread. */
  public AuthState state() {
    return published;
  }

  /** The state after everything applied so far, published or not. */
  public AuthState working() {
    return working;
  }

  /** Makes what was applied so far visible. The batches of it must be visible already. */
  public void publish() {
    published = working;
  }

  /** The engine now holds something else: starts over there. Whoever was logged in is no more. */
  public void reload() {
    working = AuthTables.load(engine);
    tokenChanges.clear();
    tokenChanges.add(new TokenChange.AllEnded());
    publish();
  }

  /** What the commands since the last call mean for tokens, in order. */
  public List<TokenChange> takeTokenChanges() {
    List<TokenChange> taken = List.copyOf(tokenChanges);
    tokenChanges.clear();
    return taken;
  }

  /**
   * Carries out one command and adds the records it changed to {@code batch}.
   *
   * @return {@link Outcome.Done}, {@link Outcome.LoggedIn}, or a {@link Refusal.Accounts} after
   *     which nothing changed
   */
  public Outcome apply(AuthCommand command, Context context, Batch batch) {
    if (!(command instanceof AuthCommand.Authenticate)) {
      Optional<Reason> objection = working.objectionToRoot(context.user());
      if (objection.isPresent()) {
        return refused(objection.get());
      }
    }
    return switch (command) {
      case AuthCommand.Enable enable -> enable(batch);
      case AuthCommand.Disable disable -> disable(batch);
      case AuthCommand.Authenticate(String user, String simpleToken) ->
          authenticate(user, simpleToken, context.logIndex());
      case AuthCommand.AddUser add -> addUser(add, context, batch);
      case AuthCommand.DeleteUser(String user) -> deleteUser(user, batch);
      case AuthCommand.ChangePassword change -> changePassword(change, context, batch);
      case AuthCommand.GrantRole grant -> grantRole(grant, batch);
      case AuthCommand.RevokeRole revoke -> revokeRole(revoke, batch);
      case AuthCommand.AddRole(String role) -> addRole(role, batch);
      case AuthCommand.DeleteRole(String role) -> deleteRole(role, batch);
      case AuthCommand.GrantPermission grant -> grantPermission(grant, context, batch);
      case AuthCommand.RevokePermission revoke -> revokePermission(revoke, batch);
    };
  }

  // --- the switch and who comes in ---

  private Outcome enable(Batch batch) {
    if (working.enabled()) {
      return new Outcome.Done();
    }
    Optional<UserRecord> root = working.user(UserRecord.ROOT_USER);
    if (root.isEmpty()) {
      return refused(Reason.ROOT_USER_MISSING);
    }
    if (!root.get().isRoot()) {
      return refused(Reason.ROOT_ROLE_MISSING);
    }
    working = working.switched(true);
    AuthTables.putEnabled(true, batch);
    return new Outcome.Done();
  }

  private Outcome disable(Batch batch) {
    if (!working.enabled()) {
      return new Outcome.Done();
    }
    AuthTables.putEnabled(false, batch);
    tokenChanges.add(new TokenChange.AllEnded());
    return changed(working.switched(false), batch);
  }

  /** The password was right when the proposer looked; here only what may have changed since. */
  private Outcome authenticate(String name, String simpleToken, long logIndex) {
    if (!working.enabled()) {
      return refused(Reason.NOT_ENABLED);
    }
    if (working.user(name).filter(UserRecord::hasPassword).isEmpty()) {
      return refused(Reason.LOGIN_FAILED);
    }
    String token = simpleToken + "." + Long.toUnsignedString(logIndex);
    tokenChanges.add(new TokenChange.Issued(token, name));
    return new Outcome.LoggedIn(token);
  }

  // --- users ---

  private Outcome addUser(AuthCommand.AddUser add, Context context, Batch batch) {
    if (add.user().isEmpty()) {
      return refused(Reason.USER_EMPTY);
    }
    Optional<Bytes> hash =
        add.noPassword() ? Optional.of(Bytes.EMPTY) : hash(add.password(), context);
    if (hash.isEmpty()) {
      return refused(Reason.NO_PASSWORD_USER);
    }
    if (working.user(add.user()).isPresent()) {
      return refused(Reason.USER_EXISTS);
    }
    Login login = add.noPassword() ? Login.NO_PASSWORD : Login.PASSWORD;
    return put(new UserRecord(add.user(), hash.get(), List.of(), login), batch);
  }

  private Outcome deleteUser(String name, Batch batch) {
    if (working.enabled() && name.equals(UserRecord.ROOT_USER)) {
      return refused(Reason.MANAGEMENT_INVALID);
    }
    if (working.user(name).isEmpty()) {
      return refused(Reason.USER_NOT_FOUND);
    }
    AuthTables.deleteUser(name, batch);
    tokenChanges.add(new TokenChange.UserChanged(name));
    return changed(working.withoutUser(name), batch);
  }

  private Outcome changePassword(AuthCommand.ChangePassword change, Context context, Batch batch) {
    Optional<UserRecord> user = working.user(change.user());
    if (user.isEmpty()) {
      return refused(Reason.USER_NOT_FOUND);
    }
    // A user without a password gets one in 3.4's records, and still may not log in with it.
    Optional<Bytes> hash =
        user.get().hasPassword() || context.before35()
            ? hash(change.password(), context)
            : Optional.of(Bytes.EMPTY);
    if (hash.isEmpty()) {
      return refused(Reason.NO_PASSWORD_USER);
    }
    tokenChanges.add(new TokenChange.UserChanged(change.user()));
    return put(user.get().withPassword(hash.get()), batch);
  }

  /** The hash to store; empty when it is no base64. */
  private Optional<Bytes> hash(Password password, Context context) {
    if (password.hashed().isEmpty() && (context.before35() || !password.plain().isEmpty())) {
      return Optional.of(passwords.hash(context.requestId(), password.plain()));
    }
    try {
      return Optional.of(Bytes.wrap(Base64.getDecoder().decode(password.hashed())));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private Outcome grantRole(AuthCommand.GrantRole grant, Batch batch) {
    Optional<UserRecord> user = working.user(grant.user());
    if (user.isEmpty()) {
      return refused(Reason.USER_NOT_FOUND);
    }
    if (!grant.role().equals(UserRecord.ROOT_ROLE) && working.role(grant.role()).isEmpty()) {
      return refused(Reason.ROLE_NOT_FOUND);
    }
    return user.get().roles().contains(grant.role())
        ? new Outcome.Done()
        : put(user.get().with(grant.role()), batch);
  }

  private Outcome revokeRole(AuthCommand.RevokeRole revoke, Batch batch) {
    if (working.enabled()
        && revoke.user().equals(UserRecord.ROOT_USER)
        && revoke.role().equals(UserRecord.ROOT_ROLE)) {
      return refused(Reason.MANAGEMENT_INVALID);
    }
    Optional<UserRecord> user = working.user(revoke.user());
    if (user.isEmpty()) {
      return refused(Reason.USER_NOT_FOUND);
    }
    return user.get().roles().contains(revoke.role())
        ? put(user.get().without(revoke.role()), batch)
        : refused(Reason.ROLE_NOT_GRANTED);
  }

  // --- roles ---

  private Outcome addRole(String name, Batch batch) {
    if (name.isEmpty()) {
      return refused(Reason.ROLE_EMPTY);
    }
    return working.role(name).isPresent()
        ? refused(Reason.ROLE_EXISTS)
        : put(new RoleRecord(name, List.of()), batch);
  }

  private Outcome deleteRole(String name, Batch batch) {
    if (working.enabled() && name.equals(UserRecord.ROOT_ROLE)) {
      return refused(Reason.MANAGEMENT_INVALID);
    }
    if (working.role(name).isEmpty()) {
      return refused(Reason.ROLE_NOT_FOUND);
    }
    AuthTables.deleteRole(name, batch);
    AuthState next = working.withoutRole(name);
    for (UserRecord user : working.users()) {
      if (user.roles().contains(name)) {
        UserRecord without = user.without(name);
        AuthTables.put(without, batch);
        next = next.with(without);
      }
    }
    return changed(next, batch);
  }

  private Outcome grantPermission(AuthCommand.GrantPermission grant, Context context, Batch batch) {
    // 3.4 takes any range, and such ones allow nothing.
    if (!context.before35() && !grant.permission().isRange()) {
      return refused(Reason.MANAGEMENT_INVALID);
    }
    return working
        .role(grant.role())
        .map(role -> put(role.with(grant.permission()), batch))
        .orElseGet(() -> refused(Reason.ROLE_NOT_FOUND));
  }

  private Outcome revokePermission(AuthCommand.RevokePermission revoke, Batch batch) {
    Optional<RoleRecord> role = working.role(revoke.role());
    if (role.isEmpty()) {
      return refused(Reason.ROLE_NOT_FOUND);
    }
    RoleRecord without = role.get().without(revoke.key(), revoke.rangeEnd());
    return without.permissions().size() == role.get().permissions().size()
        ? refused(Reason.PERMISSION_NOT_GRANTED)
        : put(without, batch);
  }

  // --- what all of them end with ---

  private Outcome put(UserRecord user, Batch batch) {
    AuthTables.put(user, batch);
    return changed(working.with(user), batch);
  }

  private Outcome put(RoleRecord role, Batch batch) {
    AuthTables.put(role, batch);
    return changed(working.with(role), batch);
  }

  private Outcome changed(AuthState next, Batch batch) {
    working = next.at(working.revision() + 1);
    AuthTables.putRevision(working.revision(), batch);
    return new Outcome.Done();
  }

  private static Outcome refused(Reason reason) {
    return new Outcome.Refused(new Refusal.Accounts(reason));
  }
}
