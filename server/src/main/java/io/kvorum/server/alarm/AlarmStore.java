// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.alarm;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The alarms that stand, the same ones on every member: they come and go by commands only, and
 * decide which commands are carried out.
 *
 * <p>Its records are those of etcd's bucket {@code alarm}: the key is the alarm, the value empty.
 * Owned by the apply thread, except {@link #current}.
 */
public final class AlarmStore {

  public static final Table TABLE = new Table("alarm");

  private static final Comparator<Alarm> ORDER =
      Comparator.<Alarm>comparingLong(alarm -> alarm.memberId() + Long.MIN_VALUE)
          .thenComparingInt(Alarm::type);

  private final Engine engine;
  private final SortedSet<Alarm> working = new TreeSet<>(ORDER);
  private volatile List<Alarm> published;

  private AlarmStore(Engine engine) {
    this.engine = engine;
    load();
    published = List.copyOf(working);
  }

  /** The tables that {@link #open} and the batches need. */
  public static List<Table> tables() {
    return List.of(TABLE);
  }

  public static AlarmStore open(Engine engine) {
    return new AlarmStore(engine);
  }

  private void load() {
    working.clear();
    try (Cursor cursor = engine.scan(TABLE, KeyRange.ALL)) {
      while (cursor.next()) {
        working.add(decode(cursor.key()));
      }
    }
  }

  /** The alarms that stand, by member and type. Any thread. */
  public List<Alarm> current() {
    return published;
  }

  /** Makes this round's changes visible; to be called after its batch is. */
  public void publish() {
    if (!published.equals(List.copyOf(working))) {
      published = List.copyOf(working);
    }
  }

  /** The engine now holds something else, from a snapshot of another member: starts over there. */
  public void reload() {
    load();
    publish();
  }

  /** Whether any member has an alarm of {@code type}, after everything applied so far. */
  public boolean stands(int type) {
    return working.stream().anyMatch(alarm -> alarm.type() == type);
  }

  /** Carries out a command; the outcome names the alarms that it is about. */
  public Outcome.Alarms apply(AlarmCommand command, Batch batch) {
    Alarm alarm = new Alarm(command.memberId(), command.type());
    return switch (command.action()) {
      case GET ->
          new Outcome.Alarms(
              working.stream()
                  .filter(
                      standing ->
                          command.type() == AlarmCommand.NONE || standing.type() == command.type())
                  .toList());
      case ACTIVATE -> activate(alarm, batch);
      case DEACTIVATE -> {
        boolean stood = working.remove(alarm);
        if (stood) {
          batch.delete(TABLE, encode(alarm));
        }
        yield new Outcome.Alarms(stood ? List.of(alarm) : List.of());
      }
    };
  }

  private Outcome.Alarms activate(Alarm alarm, Batch batch) {
    if (alarm.type() == AlarmCommand.NONE) {
      return new Outcome.Alarms(List.of());
    }
    if (working.add(alarm)) {
      batch.put(TABLE, encode(alarm), Bytes.EMPTY);
    }
    return new Outcome.Alarms(List.of(alarm));
  }

  /** etcd's AlarmMember. */
  private static Bytes encode(Alarm alarm) {
    ProtoWriter out = new ProtoWriter(16);
    out.uint64(1, alarm.memberId());
    out.enumeration(2, alarm.type());
    return out.toBytes();
  }

  private static Alarm decode(Bytes record) {
    ProtoReader in = new ProtoReader("AlarmMember", record);
    long memberId = 0;
    int type = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> memberId = in.uint64();
        case 2 -> type = in.enumeration();
        default -> in.skip();
      }
    }
    return new Alarm(memberId, type);
  }
}
