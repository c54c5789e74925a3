// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.storage.bolt.BucketRecords;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.engine.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * etcd's database as it follows from a store: all buckets of 3.4.23, filled from the tables of the
 * same names, whose records are etcd's own bytes.
 */
public final class DatabaseExport {

  private static final String META = "meta";
  private static final Bytes CONSISTENT_INDEX = Bytes.utf8("consistent_index");

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
   * The file as of {@code view}, which must stay open until it is written.
   *
   * @param tables those that the view has
   * @param consistentIndex the raft index that the view reflects
   */
  public static DatabaseLayout layout(View view, Set<Table> tables, long consistentIndex) {
    List<BucketRecords> buckets = new ArrayList<>();
    for (String name : BUCKETS) {
      Table table = new Table(name);
      if (name.equals(META)) {
        Bytes index = Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(consistentIndex).array());
        buckets.add(new BucketRecords(name, () -> new OneRecord(CONSISTENT_INDEX, index)));
      } else if (tables.contains(table)) {
        buckets.add(new BucketRecords(name, () -> view.scan(table, KeyRange.ALL)));
      } else {
        buckets.add(new BucketRecords(name, NoRecords::new));
      }
    }
    return DatabaseLayout.of(buckets);
  }

  private static final class OneRecord implements Cursor {
    private final Bytes key;
    private final Bytes value;
    private boolean taken;

    OneRecord(Bytes key, Bytes value) {
      this.key = key;
      this.value = value;
    }

    @Override
    public boolean next() {
      boolean first = !taken;
      taken = true;
      return first;
    }

    @Override
    public Bytes key() {
      return key;
    }

    @Override
    public Bytes value() {
      return value;
    }

    @Override
    public void close() {}
  }

  private static final class NoRecords implements Cursor {
    @Override
    public boolean next() {
      return false;
    }

    @Override
    public Bytes key() {
      throw new IllegalStateException("cursor: not at a record");
    }

    @Override
    public Bytes value() {
      throw new IllegalStateException("cursor: not at a record");
    }

    @Override
    public void close() {}
  }
}
