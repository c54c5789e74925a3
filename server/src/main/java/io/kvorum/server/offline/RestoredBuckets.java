// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.raft.LogPosition;
import io.kvorum.server.storage.bolt.Bucket;
import io.kvorum.server.storage.bolt.BucketCursor;
import io.kvorum.server.storage.bolt.BucketRecords;
import io.kvorum.server.storage.bolt.DatabaseFile;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.engine.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The buckets of a backup as a new cluster has them: other members, another place in the log, the
 * cluster's version still open, everything else as it was.
 */
final class RestoredBuckets {

  private static final Set<String> NEW = Set.of("members", "members_removed", "cluster", "meta");
  private static final List<String> ALL =
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
          "meta");

  /** What a backup says about its own place in a log, and about the release that made it. */
  private static final Set<Bytes> NOT_TAKEN =
      Set.of(Bytes.utf8("confState"), Bytes.utf8("storageVersion"));

  private final DatabaseFile source;
  private final View members;
  private final LogPosition position;
  private final SnapshotRestore.Order order;

  RestoredBuckets(
      DatabaseFile source, View members, LogPosition position, SnapshotRestore.Order order) {
    this.source = source;
    this.members = members;
    this.position = position;
    this.order = order;
  }

  DatabaseLayout layout() {
    List<BucketRecords> buckets = new ArrayList<>();
    SortedMap<Bytes, Bytes> bumped = new TreeMap<>();
    SortedMap<Bytes, Bytes> meta = meta();
    if (order.bumpRevision() > 0) {
      Bytes revision = revision(newest() + order.bumpRevision());
      bumped.put(revision, Bytes.EMPTY);
      if (order.markCompacted()) {
        meta.put(Bytes.utf8("scheduledCompactRev"), revision);
      }
    }
    for (String name : ALL) {
      Supplier<Cursor> records =
          switch (name) {
            case "members" -> () -> members.scan(new Table("members"), KeyRange.ALL);
            case "members_removed", "cluster" -> () -> new RecordsInOrder(new TreeMap<>());
            case "meta" -> () -> new RecordsInOrder(meta);
            case "key" -> () -> new OneAfterTheOther(walk(name), new RecordsInOrder(bumped));
            default -> () -> walk(name);
          };
      buckets.add(new BucketRecords(name, records));
    }
    addUnknown(buckets);
    return DatabaseLayout.of(buckets);
  }

  /** Buckets of a newer release stay: who knows them may need them. */
  private void addUnknown(List<BucketRecords> buckets) {
    try (BucketCursor names = source.root().records()) {
      while (names.next()) {
        String name = names.key().utf8();
        if (!ALL.contains(name) && !NEW.contains(name)) {
          buckets.add(new BucketRecords(name, () -> walk(name)));
        }
      }
    }
  }

  private SortedMap<Bytes, Bytes> meta() {
    SortedMap<Bytes, Bytes> meta = new TreeMap<>();
    try (Cursor cursor = walk("meta")) {
      while (cursor.next()) {
        if (!NOT_TAKEN.contains(cursor.key())) {
          meta.put(cursor.key().compact(), cursor.value().compact());
        }
      }
    }
    meta.put(Bytes.utf8("consistent_index"), number(position.index()));
    meta.put(Bytes.utf8("term"), number(position.term()));
    return meta;
  }

  private long newest() {
    long newest = 1;
    try (Cursor cursor = walk("key")) {
      while (cursor.next()) {
        newest = cursor.key().asByteBuffer().getLong();
      }
    }
    return newest;
  }

  private static Bytes number(long value) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static Bytes revision(long main) {
    ByteBuffer key = ByteBuffer.allocate(2 * Long.BYTES + 1);
    return Bytes.wrap(key.putLong(main).put((byte) '_').putLong(0).array());
  }

  private Cursor walk(String name) {
    Optional<Bucket> bucket = source.bucket(name);
    return bucket.isPresent() ? bucket.get().records() : new RecordsInOrder(new TreeMap<>());
  }

  /** Records that are in memory. */
  private static final class RecordsInOrder implements Cursor {
    private final List<Bytes> keys;
    private final SortedMap<Bytes, Bytes> records;
    private int at = -1;

    RecordsInOrder(SortedMap<Bytes, Bytes> records) {
      this.records = records;
      this.keys = List.copyOf(records.keySet());
    }

    @Override
    public boolean next() {
      return ++at < keys.size();
    }

    @Override
    public Bytes key() {
      return keys.get(at);
    }

    @Override
    public Bytes value() {
      return records.getOrDefault(keys.get(at), Bytes.EMPTY);
    }

    @Override
    public void close() {}
  }

  /** The records of one cursor, then those of another, whose keys are greater. */
  private static final class OneAfterTheOther implements Cursor {
    private final Cursor first;
    private final Cursor second;
    private boolean inSecond;

    OneAfterTheOther(Cursor first, Cursor second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public boolean next() {
      inSecond = inSecond || !first.next();
      return !inSecond || second.next();
    }

    @Override
    public Bytes key() {
      return inSecond ? second.key() : first.key();
    }

    @Override
    public Bytes value() {
      return inSecond ? second.value() : first.value();
    }

    @Override
    public void close() {
      first.close();
      second.close();
    }
  }
}
