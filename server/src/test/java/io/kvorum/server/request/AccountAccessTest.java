// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.auth.AuthState.Deed;
import io.kvorum.server.auth.AuthStore;
import io.kvorum.server.auth.TokenChange;
import io.kvorum.server.auth.Tokens;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.AuthCommand.Permission;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.request.AdminAccess.Right;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Who is let in, by a member that may lag behind the cluster until it catches up. */
class AccountAccessTest implements Tokens {

  private static final Put PUT = new Put(Bytes.utf8("k"), Bytes.EMPTY);

  private final MemoryEngine engine = new MemoryEngine(AuthStore.tables());
  private final AuthStore store = AuthStore.open(engine);
  private final List<AuthCommand> unseen = new ArrayList<>();
  private Optional<Long> tokenRevision = Optional.empty();
  private boolean quorum = true;
  private int barriers;
  private long applied = 10;

  private final AccountAccess access =
      new AccountAccess(
          store::state,
          new Identification(store::state, this, this::catchUp, new Facts()),
          new KeyspaceReading() {
            @Override
            public <T> T read(Function<KeyspaceView, T> reading) {
              throw new AssertionError("no lease is looked at here");
            }
          },
          this::catchUp);

  private CompletableFuture<Void> catchUp() {
    barriers++;
    if (!quorum) {
      return CompletableFuture.failedFuture(
          new ConsensusFailure(ConsensusFailure.Kind.TIMEOUT, false));
    }
    unseen.forEach(this::apply);
    unseen.clear();
    applied = 100;
    return CompletableFuture.completedFuture(null);
  }

  private void apply(AuthCommand command) {
    Batch batch = new Batch();
    store.apply(command, new AuthStore.Context("root", 1, 1, false), batch);
    engine.write(batch);
    store.publish();
  }

  private void enable() {
    apply(new AuthCommand.AddUser("root", Password.NONE, true));
    apply(new AuthCommand.GrantRole("root", "root"));
    apply(new AuthCommand.AddUser("u", Password.NONE, true));
    apply(new AuthCommand.AddRole("r"));
    apply(new AuthCommand.GrantRole("u", "r"));
    apply(new AuthCommand.Enable());
  }

  private static AuthCommand permit() {
    return new AuthCommand.GrantPermission(
        "r", new Permission(Permission.READ_WRITE, PUT.key(), Bytes.EMPTY));
  }

  private static Caller with(String token) {
    return new Caller("here", Optional.of(token));
  }

  private static final Caller NOBODY = new Caller("here", Optional.empty());

  private static Answer<Requester> refused(Reason reason) {
    return new Answer.Refused<>(new Refusal.Accounts(reason));
  }

  private Answer<Requester> user() {
    return new Answer.Done<>(new Requester("u", store.state().revision()));
  }

  @Test
  void whileItIsOffEverybodyMay() {
    assertEquals(new Answer.Done<>(Requester.NOBODY), access.admit(NOBODY, PUT).join());
    assertEquals(0, barriers);
    assertEquals(Requester.NOBODY, access.root());
  }

  @Test
  void aTokenThatIsNoneIsRefusedEvenWhileItIsOff() {
    assertEquals(refused(Reason.TOKEN_INVALID), access.admit(with("x.5"), PUT).join());
  }

  @Test
  void whoMayIsLetInAtOnce() {
    enable();
    apply(permit());
    assertEquals(user(), access.admit(with("u.5"), PUT).join());
    assertEquals(0, barriers);
    assertEquals(new Requester("root", store.state().revision()), access.root());
  }

  @Test
  void aRefusalWaitsUntilTheMemberHasCaughtUp() {
    enable();
    unseen.add(permit());
    Answer<Requester> answer = access.admit(with("u.5"), PUT).join();
    assertEquals(user(), answer);
    assertEquals(1, barriers);
    assertEquals(
        refused(Reason.PERMISSION_DENIED),
        access.admit(with("u.5"), Deed.READ, () -> List.of(Bytes.utf8("z"))).join());
    assertEquals(refused(Reason.USER_EMPTY), access.admit(NOBODY, PUT).join());
  }

  @Test
  void withoutAQuorumTheMemberDecidesByWhatItKnows() {
    enable();
    quorum = false;
    assertEquals(refused(Reason.PERMISSION_DENIED), access.admit(with("u.5"), PUT).join());
  }

  @Test
  void aSerializableReadDoesNotWait() {
    enable();
    unseen.add(permit());
    RangeQuery query =
        new RangeQuery(
            PUT.key(),
            Bytes.EMPTY,
            0,
            0,
            RangeQuery.SortOrder.NONE,
            RangeQuery.SortTarget.KEY,
            true,
            false,
            false,
            RangeQuery.Bounds.NONE);
    assertEquals(refused(Reason.PERMISSION_DENIED), access.admit(with("u.5"), query).join());
    assertEquals(0, barriers);
  }

  @Test
  void whatTheLogDoesNotLookAtIsJudgedByAMemberThatHasCaughtUp() {
    enable();
    apply(permit());
    unseen.add(new AuthCommand.RevokeRole("u", "r"));
    Txn inner = new Txn(List.of(), List.of(PUT), List.of());
    Txn txn = new Txn(List.of(), List.of(inner), List.of());
    assertEquals(refused(Reason.PERMISSION_DENIED), access.admit(with("u.5"), txn).join());
  }

  @Test
  void aTokenFromAheadIsWaitedFor() {
    enable();
    apply(permit());
    assertEquals(user(), access.admit(with("u.70"), PUT).join());
    assertEquals(1, barriers);
  }

  @Test
  void aTokenOfOlderUsersIsRefused() {
    enable();
    apply(permit());
    tokenRevision = Optional.of(store.state().revision() - 1);
    assertEquals(refused(Reason.REVISION_OLD), access.admit(with("u.5"), PUT).join());
  }

  @Test
  void someIsForRootOrForWhoHasLoggedIn() {
    enable();
    assertEquals(refused(Reason.PERMISSION_DENIED), access.admit(with("u.5"), Right.ROOT).join());
    assertEquals(user(), access.admit(with("u.5"), Right.ANY_USER).join());
    assertEquals(refused(Reason.USER_EMPTY), access.admit(NOBODY, Right.ANY_USER).join());
    assertEquals(refused(Reason.USER_EMPTY), access.admit(NOBODY, Right.ROOT).join());
    Compact compact = new Compact(3, false);
    assertEquals(refused(Reason.PERMISSION_DENIED), access.admit(with("u.5"), compact).join());
    assertEquals(
        new Answer.Done<>(new Requester("root", store.state().revision())),
        access.admit(with("root.5"), compact).join());
  }

  @Test
  void whatWasOvertakenIsDoneAgain() {
    AtomicInteger times = new AtomicInteger();
    Answer<String> answer =
        KeyspaceAccess.<Requester, String>asAdmitted(
                () -> KeyspaceAccess.NOBODY,
                requester ->
                    Answer.now(
                        times.incrementAndGet() < 3
                            ? KeyspaceAccess.overtaken()
                            : new Answer.Done<>("read")))
            .join();
    assertEquals(new Answer.Done<>("read"), answer);
    Answer<String> never =
        KeyspaceAccess.<Requester, String>asAdmitted(
                () -> KeyspaceAccess.NOBODY,
                requester -> {
                  times.incrementAndGet();
                  return Answer.now(KeyspaceAccess.overtaken());
                })
            .join();
    assertEquals(new Answer.Refused<>(new Refusal.Accounts(Reason.REVISION_OLD)), never);
    assertEquals(3 + KeyspaceAccess.ATTEMPTS_MAX, times.get());
  }

  @Test
  void aMomentLastsUntilSomethingChanges() {
    enable();
    Object moment = access.moment();
    store.publish();
    assertSame(moment, access.moment());
    apply(permit());
    assertEquals(false, moment == access.moment());
  }

  // --- tokens: the user's name, a dot, an index; x is nobody's ---

  @Override
  public Optional<Bearer> bearer(String token) {
    String user = token.substring(0, token.indexOf('.'));
    return user.equals("x") ? Optional.empty() : Optional.of(new Bearer(user, tokenRevision));
  }

  @Override
  public long knownFrom(String token) {
    return Long.parseLong(token.substring(token.indexOf('.') + 1));
  }

  @Override
  public String part() {
    throw new AssertionError();
  }

  @Override
  public Optional<String> issue(String user, long authRevision, String applied) {
    throw new AssertionError();
  }

  @Override
  public void changed(List<TokenChange> changes) {}

  @Override
  public void sweep() {}

  private final class Facts implements ConsensusFacts {
    @Override
    public MemberId leader() {
      return MemberId.NONE;
    }

    @Override
    public Role role() {
      return Role.FOLLOWER;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public long appliedIndex() {
      return applied;
    }

    @Override
    public long committedIndex() {
      return applied;
    }
  }
}
