// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.AlarmCommand.Action;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What alarms forbid and what they leave, as etcd 3.4.23 applies the same entries. */
class V3CommandsTest {

  private static final Put PUT = new Put(Bytes.utf8("a"), Bytes.utf8("b"));
  private static final DeleteRange DELETE =
      new DeleteRange(Bytes.utf8("a"), Bytes.wrap(new byte[1]), false);
  private static final Txn PUTS_IF_NOT = new Txn(List.of(), List.of(DELETE), List.of(PUT));
  private static final Txn ONLY_DELETES = new Txn(List.of(), List.of(DELETE), List.of());

  private final MemoryEngine engine = new MemoryEngine(Stores.tables());
  private final Stores stores = Stores.open(engine, new MemberId(9), new MemberId(1));
  private long index;

  @Test
  void withoutSpaceDeletionsAndCompactionsGoOn() {
    apply(PUT);
    apply(alarm(Action.ACTIVATE, 1, AlarmCommand.NO_SPACE));
    assertForbidden(Refusal.Alarmed.Kind.NO_SPACE, PUT);
    assertForbidden(Refusal.Alarmed.Kind.NO_SPACE, PUTS_IF_NOT);
    assertEquals(2, stores.keyspace().revision());
    assertInstanceOf(Outcome.Keyspace.class, apply(ONLY_DELETES));
    assertInstanceOf(Outcome.Keyspace.class, apply(DELETE));
    assertInstanceOf(Outcome.Keyspace.class, apply(new Compact(3, false)));
    apply(alarm(Action.DEACTIVATE, 1, AlarmCommand.NO_SPACE));
    assertInstanceOf(Outcome.Keyspace.class, apply(PUT));
  }

  /** 3.4 does not look into them, and a member that did would have other data. */
  @Test
  void withoutSpaceATransactionInATransactionIsNotLookedInto() {
    apply(alarm(Action.ACTIVATE, 1, AlarmCommand.NO_SPACE));
    Txn nested =
        new Txn(List.of(), List.of(new Txn(List.of(), List.of(PUT), List.of())), List.of());
    assertInstanceOf(Outcome.Keyspace.class, apply(nested));
    assertEquals(2, stores.keyspace().revision());
  }

  @Test
  void amongDamageNothingChanges() {
    apply(PUT);
    apply(alarm(Action.ACTIVATE, 2, AlarmCommand.NO_SPACE));
    apply(alarm(Action.ACTIVATE, 1, AlarmCommand.CORRUPT));
    for (V3Command command :
        List.of(PUT, DELETE, PUTS_IF_NOT, ONLY_DELETES, new Compact(2, false))) {
      assertForbidden(Refusal.Alarmed.Kind.CORRUPT, command);
    }
    assertEquals(2, stores.keyspace().revision());
  }

  @Test
  void anAlarmStandsUntilEachMembersIsEnded() {
    apply(alarm(Action.ACTIVATE, 1, AlarmCommand.NO_SPACE));
    apply(alarm(Action.ACTIVATE, 2, AlarmCommand.NO_SPACE));
    apply(alarm(Action.DEACTIVATE, 1, AlarmCommand.NO_SPACE));
    assertForbidden(Refusal.Alarmed.Kind.NO_SPACE, PUT);
    apply(alarm(Action.DEACTIVATE, 2, AlarmCommand.NO_SPACE));
    assertInstanceOf(Outcome.Keyspace.class, apply(PUT));
  }

  /** The answers that 3.4.23 gave. */
  @Test
  void answersNameTheAlarmsThatACommandIsAbout() {
    assertEquals(List.of(), alarms(Action.GET, 0, AlarmCommand.NONE));
    Alarm space = new Alarm(-1, AlarmCommand.NO_SPACE);
    Alarm damage = new Alarm(3, AlarmCommand.CORRUPT);
    assertEquals(List.of(space), alarms(Action.ACTIVATE, -1, AlarmCommand.NO_SPACE));
    assertEquals(List.of(space), alarms(Action.ACTIVATE, -1, AlarmCommand.NO_SPACE), "once more");
    assertEquals(List.of(), alarms(Action.ACTIVATE, 3, AlarmCommand.NONE));
    assertEquals(List.of(damage), alarms(Action.ACTIVATE, 3, AlarmCommand.CORRUPT));
    assertEquals(List.of(damage, space), alarms(Action.GET, 0, AlarmCommand.NONE));
    assertEquals(List.of(space), alarms(Action.GET, 3, AlarmCommand.NO_SPACE), "of any member");
    assertEquals(List.of(), alarms(Action.DEACTIVATE, 0, AlarmCommand.NO_SPACE), "no wildcard");
    assertEquals(List.of(space), alarms(Action.DEACTIVATE, -1, AlarmCommand.NO_SPACE));
    assertEquals(List.of(), alarms(Action.DEACTIVATE, -1, AlarmCommand.NO_SPACE));
  }

  @Test
  void alarmsAreThereAfterARestart() {
    apply(alarm(Action.ACTIVATE, 0, AlarmCommand.NO_SPACE));
    apply(alarm(Action.ACTIVATE, 7, 42));
    Stores again = Stores.open(engine, new MemberId(9), new MemberId(1));
    assertEquals(
        List.of(new Alarm(0, AlarmCommand.NO_SPACE), new Alarm(7, 42)), again.alarms().current());
  }

  @Test
  void aReadThatWentThroughTheLogChangesNothing() {
    assertEquals(new Outcome.Done(), apply(new V3Command.LoggedRead(3, Bytes.utf8("x"))));
    assertEquals(1, stores.keyspace().revision());
  }

  @Test
  void aDowngradeIsRememberedUntilItEnds() {
    apply(new V3Command.SetDowngrade(true, "3.5.0"));
    assertEquals(Optional.of("3.5.0"), stores.members().current().downgrade());
    assertEquals(
        Optional.of("3.5.0"),
        Stores.open(engine, new MemberId(9), new MemberId(1)).members().current().downgrade());
    apply(new V3Command.SetDowngrade(false, ""));
    assertEquals(Optional.empty(), stores.members().current().downgrade());
  }

  private void assertForbidden(Refusal.Alarmed.Kind kind, V3Command command) {
    assertEquals(new Outcome.Refused(new Refusal.Alarmed(kind)), apply(command));
  }

  private List<Alarm> alarms(Action action, long member, int type) {
    return assertInstanceOf(Outcome.Alarms.class, apply(alarm(action, member, type))).alarms();
  }

  private static AlarmCommand alarm(Action action, long member, int type) {
    return new AlarmCommand(action, member, type);
  }

  private Outcome apply(V3Command command) {
    Batch batch = new Batch();
    index++;
    Outcome outcome = new V3Commands(stores).carryOut(V3Request.of(command), index, index, batch);
    engine.write(batch);
    stores.publish();
    return outcome;
  }
}
