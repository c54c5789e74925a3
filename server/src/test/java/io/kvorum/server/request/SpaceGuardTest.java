// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.member.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is let into the log when the data reach their bound, and who is told. */
class SpaceGuardTest {

  private static final MemberId SELF = new MemberId(-3);
  private static final Alarm OWN = new Alarm(-3, AlarmCommand.NO_SPACE);
  private static final Put PUT = new Put(Bytes.utf8("key"), Bytes.utf8("value"));
  private static final long PUT_COST = 256 + 3 + 5;
  private static final DeleteRange DELETE = new DeleteRange(Bytes.utf8("key"), Bytes.EMPTY, false);
  private static final Outcome NO_SPACE =
      new Outcome.Refused(new Refusal.Alarmed(Refusal.Alarmed.Kind.NO_SPACE));

  private final List<Command> proposed = new ArrayList<>();
  private final List<Alarm> alarms = new ArrayList<>();
  private long size;
  private long quota = 10_000;
  private CompletableFuture<Applied> next =
      CompletableFuture.completedFuture(new Applied(new Outcome.Done(), 7, 2));
  private final SpaceGuard guard =
      new SpaceGuard(
          command -> {
            proposed.add(command);
            return next;
          },
          new StoreSize() {
            @Override
            public long total() {
              return size;
            }

            @Override
            public long inUse() {
              return size;
            }

            @Override
            public long quota() {
              return quota;
            }
          },
          () -> new Membership(new MemberId(9), SELF, new TreeMap<>(), Set.of(), Optional.empty()),
          () -> alarms);

  /** The sums of etcd 3.7.1; the alarm is raised by what would reach the quota. */
  @Test
  void whatFitsPassesToTheByte() {
    Txn txn = new Txn(List.of(), List.of(PUT, PUT), List.of(PUT, DELETE));
    Txn nested = new Txn(List.of(), List.of(PUT), List.of(txn));
    requireCost(PUT_COST, PUT);
    requireCost(2 * PUT_COST, txn);
    requireCost(2 * PUT_COST, nested);
    requireCost(64, new LeaseCommand.Grant(1, 60));
  }

  private void requireCost(long cost, V3Command command) {
    size = quota - cost - 1;
    proposed.clear();
    assertEquals(new Outcome.Done(), outcome(command));
    assertEquals(List.of(V3Request.of(command)), proposed);
    size++;
    proposed.clear();
    assertEquals(NO_SPACE, outcome(command));
    assertEquals(
        List.of(
            V3Request.of(
                new AlarmCommand(
                    AlarmCommand.Action.ACTIVATE, SELF.value(), AlarmCommand.NO_SPACE))),
        proposed);
  }

  @Test
  void theWayOutStaysOpen() {
    size = 20_000;
    List<V3Command> free =
        List.of(
            DELETE,
            new Compact(5, true),
            new Txn(List.of(), List.of(DELETE), List.of()),
            new LeaseCommand.Revoke(1),
            new AlarmCommand(AlarmCommand.Action.DEACTIVATE, 1, AlarmCommand.NO_SPACE));
    free.forEach(command -> assertEquals(new Outcome.Done(), outcome(command)));
    assertEquals(free.size(), proposed.size());
  }

  @Test
  void anAlarmThatStandsIsNotRaisedAgain() {
    size = 20_000;
    alarms.add(new Alarm(1, AlarmCommand.NO_SPACE));
    assertEquals(NO_SPACE, outcome(PUT));
    assertEquals(1, proposed.size(), "another member's");
    alarms.add(OWN);
    assertEquals(NO_SPACE, outcome(PUT));
    assertEquals(1, proposed.size());
  }

  @Test
  void itIsRefusedOnlyWhenEverybodyKnowsWhyOrNobodyCanBeTold() {
    size = 20_000;
    next = new CompletableFuture<>();
    CompletableFuture<Applied> answer = guard.propose(V3Request.of(PUT));
    assertFalse(answer.isDone());
    next.completeExceptionally(new IllegalStateException("no leader"));
    assertEquals(NO_SPACE, answer.join().outcome());
  }

  @Test
  void withoutAQuotaEverythingFits() {
    quota = 0;
    size = Long.MAX_VALUE / 2;
    assertEquals(new Outcome.Done(), outcome(PUT));
  }

  @Test
  void aPhysicalCompactionIsAnsweredWhenItsRecordsAreGone() {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    List<Long> asked = new ArrayList<>();
    AwaitedCompactions awaited =
        new AwaitedCompactions(
            command -> next,
            revision -> {
              asked.add(revision);
              return gone;
            });
    next =
        CompletableFuture.completedFuture(
            new Applied(new Outcome.Keyspace(new KeyspaceResult.Compact(9)), 7, 2));
    assertTrue(awaited.propose(V3Request.of(new Compact(5, false))).isDone());
    CompletableFuture<Applied> physical = awaited.propose(V3Request.of(new Compact(5, true)));
    assertFalse(physical.isDone());
    assertEquals(List.of(5L), asked);
    gone.complete(null);
    assertEquals(next.join(), physical.join());
    next = CompletableFuture.completedFuture(new Applied(NO_SPACE, 8, 2));
    assertTrue(awaited.propose(V3Request.of(new Compact(5, true))).isDone(), "refused");
    assertEquals(1, asked.size());
  }

  private Outcome outcome(V3Command command) {
    return guard.propose(V3Request.of(command)).join().outcome();
  }
}
