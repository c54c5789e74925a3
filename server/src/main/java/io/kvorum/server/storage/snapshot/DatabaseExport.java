// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.KeyRange;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.LogPosition;
import io.kvorum.server.storage.bolt.BucketRecords;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.engine.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * etcd's database as it follows from a store: all buckets of 3.4.23, filled from the tables of the
 * same names, whose records are etcd's own bytes.
 */
public final class DatabaseExport {

  private static final String META = "meta";
  private static final Bytes CONSISTENT_INDEX = Bytes.utf8("consistent_index");
  private static final Bytes TERM = Bytes.utf8("term");
  private static final Set<Bytes> NOT_HASHED = Set.of(CONSISTENT_INDEX, TERM);
  private static final List<String> COMPACTIONS =
      List.of("finishedCompactRev", "scheduledCompactRev");

  /** Every genuine file has all of them, even when they are empty. */
  private static final List<String> BUCKETS =
      List.of(
          "alarm",
          "auth",
          "authRoles",
          "authUsers",
          "cluster",
          "key",
          "lease",
          "members",
          "members_removed",
          META);

  private DatabaseExport() {}

  /**
   * What the file says about the log.
   *
   * @param applied the last entry whose effects are in it
   * @param confState who took part then
   * @param v3Index the v3 data reflect the log up to here; at most {@code applied} for most stores
   */
  public record Position(LogPosition applied, ConfState confState, long v3Index) {}

  /**
   * The file as of {@code view}, which must stay open until it is written.
   *
   * @param tables those that the view has
   * @param position what the view reflects
   */
  public static DatabaseLayout layout(View view, Set<Table> tables, Position position) {
    return DatabaseLayout.of(buckets(view, tables, position));
  }

  /**
   * etcd's hash over the whole database: CRC-32C over each bucket's name and records, in order, but
   * for where it stands in the log.
   */
  public static int hash(View view, Set<Table> tables, Position position) {
    CRC32C crc = new CRC32C();
    for (BucketRecords bucket : buckets(view, tables, position)) {
      crc.update(Bytes.utf8(bucket.name()).asByteBuffer());
      try (Cursor cursor = bucket.records().get()) {
        while (cursor.next()) {
          if (!(bucket.name().equals(META) && NOT_HASHED.contains(cursor.key()))) {
            crc.update(cursor.key().asByteBuffer());
            crc.update(cursor.value().asByteBuffer());
          }
        }
      }
    }
    return (int) crc.getValue();
  }

  private static List<BucketRecords> buckets(View view, Set<Table> tables, Position position) {
    List<BucketRecords> buckets = new ArrayList<>();
    for (String name : BUCKETS) {
      Table table = new Table(name);
      if (name.equals(META)) {
        SortedMap<Bytes, Bytes> meta = meta(view, table, position);
        buckets.add(new BucketRecords(name, () -> new RecordsAtHand(meta)));
      } else if (tables.contains(table)) {
        buckets.add(new BucketRecords(name, () -> view.scan(table, KeyRange.ALL)));
      } else {
        buckets.add(new BucketRecords(name, () -> new RecordsAtHand(new TreeMap<>())));
      }
    }
    return buckets;
  }

  /** Our table of this name has more, which is nobody else's business. */
  private static SortedMap<Bytes, Bytes> meta(View view, Table table, Position position) {
    SortedMap<Bytes, Bytes> meta = new TreeMap<>();
    for (String name : COMPACTIONS) {
      Bytes key = Bytes.utf8(name);
      view.get(table, key).ifPresent(value -> meta.put(key, value));
    }
    long index = Math.max(position.applied().index(), position.v3Index());
    meta.put(CONSISTENT_INDEX, number(index));
    if (index == position.applied().index() && index > 0) {
      // As 3.5 and later have it; 3.4 passes over them.
      meta.put(TERM, number(position.applied().term()));
      meta.put(Bytes.utf8("confState"), json(position.confState()));
    }
    return meta;
  }

  private static Bytes number(long value) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static Bytes json(ConfState confState) {
    GoJson json = new GoJson().beginObject();
    ids(json, "voters", confState.voters());
    ids(json, "learners", confState.learners());
    ids(json, "voters_outgoing", confState.votersOutgoing());
    ids(json, "learners_next", confState.learnersNext());
    return json.name("auto_leave").value(confState.autoLeave()).endObject().toBytes();
  }

  private static void ids(GoJson json, String name, List<Long> ids) {
    if (!ids.isEmpty()) {
      json.name(name).beginArray();
      ids.forEach(json::unsigned);
      json.endArray();
    }
  }

  private static final class RecordsAtHand implements Cursor {
    private final Iterator<Map.Entry<Bytes, Bytes>> records;
    private Map.@Nullable Entry<Bytes, Bytes> present;

    RecordsAtHand(SortedMap<Bytes, Bytes> records) {
      this.records = records.entrySet().iterator();
    }

    @Override
    public boolean next() {
      present = records.hasNext() ? records.next() : null;
      return present != null;
    }

    @Override
    public Bytes key() {
      return present().getKey();
    }

    @Override
    public Bytes value() {
      return present().getValue();
    }

    private Map.Entry<Bytes, Bytes> present() {
      if (present == null) {
        throw new IllegalStateException("cursor: not at a record");
      }
      return present;
    }

    @Override
    public void close() {}
  }
}
