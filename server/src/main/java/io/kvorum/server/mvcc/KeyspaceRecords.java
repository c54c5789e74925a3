// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.storage.engine.Table;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What the keyspace keeps in the engine (docs/decisions/0012).
 *
 * <pre>
 *   key       revision                     → KeyValue       etcd's bucket, byte for byte
 *   cur       user key                     → sub, KeyValue  the newest version of each key there is
 *   old       user key, revision           → size           every other record of key
 *   attached  lease, user key              → nothing        which keys hang on a lease
 *   meta      scheduledCompactRev, ...                      etcd's bucket, and names of ours
 * </pre>
 *
 * <p>A revision is 17 bytes: main, an underscore, sub, and a {@code t} behind it for a deletion. In
 * {@code old} the user key is made self-delimiting without changing the order: a zero byte becomes
 * 00 ff, the end is 00 01.
 */
final class KeyspaceRecords {

  static final Table KEY = new Table("key");
  static final Table CUR = new Table("cur");
  static final Table OLD = new Table("old");
  static final Table ATTACHED = new Table("attached");
  static final Table META = new Table("meta");

  static final List<Table> TABLES = List.of(KEY, CUR, OLD, ATTACHED, META);

  static final Bytes SCHEDULED_COMPACTION = Bytes.utf8("scheduledCompactRev");
  static final Bytes FINISHED_COMPACTION = Bytes.utf8("finishedCompactRev");
  static final Bytes COMPACTION_PROGRESS = Bytes.utf8("kv_compaction_progress");
  static final Bytes SIZE = Bytes.utf8("kv_size");

  private static final byte[] ESCAPED_ZERO = {0, (byte) 0xff};
  private static final byte[] END = {0, 1};
  private static final int REVISION_BYTES = 17;
  private static final byte DELETED = 't';

  /** A newest version with the sub revision that its record in {@link #KEY} has. */
  record Newest(KeyValue kv, long sub) {
    Revision revision() {
      return new Revision(kv.modRevision(), sub);
    }
  }

  private KeyspaceRecords() {}

  // --- revisions ---

  static Bytes revisionKey(Revision revision) {
    return revisionKey(revision.main(), revision.sub());
  }

  static Bytes revisionKey(long main, long sub) {
    return Bytes.wrap(putRevision(new byte[REVISION_BYTES], 0, main, sub));
  }

  static Bytes deletionKey(Revision revision) {
    byte[] key = putRevision(new byte[REVISION_BYTES + 1], 0, revision.main(), revision.sub());
    key[REVISION_BYTES] = DELETED;
    return Bytes.wrap(key);
  }

  private static byte[] putRevision(byte[] target, int at, long main, long sub) {
    putLong(target, at, main);
    target[at + 8] = '_';
    putLong(target, at + 9, sub);
    return target;
  }

  static Revision revision(Bytes revisionKey) {
    return new Revision(getLong(revisionKey, 0), getLong(revisionKey, 9));
  }

  static boolean isDeletion(Bytes revisionKey) {
    return revisionKey.length() > REVISION_BYTES;
  }

  /** The records with {@code from <= main < to}. */
  static KeyRange revisions(long from, long to) {
    return KeyRange.of(revisionKey(from, 0), revisionKey(to, 0));
  }

  /** The value of a deletion's record: a KeyValue with nothing but the key. */
  static Bytes deletion(Bytes userKey) {
    return KeyValue.deleted(userKey, 0).encoded();
  }

  // --- the newest versions ---

  static Bytes newest(KeyValue kv, long sub) {
    Bytes record = kv.encoded();
    int room = 1;
    for (long rest = sub; rest > 0x7f; rest >>>= 7) {
      room++;
    }
    byte[] value = new byte[room + record.length()];
    long rest = sub;
    for (int i = 0; i < room; i++) {
      value[i] = (byte) (i < room - 1 ? rest & 0x7f | 0x80 : rest);
      rest >>>= 7;
    }
    record.copyTo(value, room);
    return Bytes.wrap(value);
  }

  static Newest newest(Bytes value) {
    long sub = 0;
    int at = 0;
    int next;
    do {
      next = value.at(at);
      sub |= (next & 0x7fL) << (7 * at);
      at++;
    } while (next >= 0x80);
    return new Newest(KeyValue.read(value.slice(at, value.length())), sub);
  }

  // --- pointers to older versions ---

  /** What the pointers of one user key begin with. */
  static Bytes pointerPrefix(Bytes userKey) {
    int zeros = 0;
    for (int at = userKey.indexOf(0, 0); at >= 0; at = userKey.indexOf(0, at + 1)) {
      zeros++;
    }
    ByteBuffer prefix = ByteBuffer.allocate(userKey.length() + zeros + END.length);
    int from = 0;
    for (int at = userKey.indexOf(0, 0); at >= 0; at = userKey.indexOf(0, from)) {
      userKey.slice(from, at).putInto(prefix);
      prefix.put(ESCAPED_ZERO);
      from = at + 1;
    }
    userKey.slice(from, userKey.length()).putInto(prefix);
    return Bytes.wrap(prefix.put(END).array());
  }

  static Bytes pointer(Bytes userKey, Bytes revisionKey) {
    return pointerPrefix(userKey).concat(revisionKey);
  }

  /** The pointers of the user keys in {@code keys}. */
  static KeyRange pointers(KeyRange keys) {
    Bytes from = pointerPrefix(keys.from());
    return keys.to().map(to -> KeyRange.of(from, pointerPrefix(to))).orElse(KeyRange.from(from));
  }

  /** The pointers of one key to what lies before {@code revision}. */
  static KeyRange pointersBefore(Bytes userKey, Revision revision) {
    Bytes prefix = pointerPrefix(userKey);
    return KeyRange.of(prefix, prefix.concat(revisionKey(revision)));
  }

  /** How much of a pointer is the user key. */
  static int prefixLength(Bytes pointer) {
    int at = pointer.indexOf(0, 0);
    while (pointer.at(at + 1) != END[1]) {
      at = pointer.indexOf(0, at + 2);
    }
    return at + END.length;
  }

  static Bytes userKey(Bytes prefix) {
    int length = prefix.length() - END.length;
    if (prefix.indexOf(0, 0) == length) {
      return prefix.slice(0, length);
    }
    ByteBuffer key = ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      key.put((byte) prefix.at(i));
      i += prefix.at(i) == 0 ? 1 : 0;
    }
    return Bytes.wrap(key.array(), 0, key.position());
  }

  // --- leases ---

  static Bytes attachment(long lease, Bytes userKey) {
    return leasePrefix(lease).concat(userKey);
  }

  static Bytes leasePrefix(long lease) {
    return number(lease);
  }

  /** The user key of an attachment. */
  static Bytes attachedKey(Bytes attachment) {
    return attachment.slice(Long.BYTES, attachment.length());
  }

  // --- numbers ---

  static Bytes number(long value) {
    byte[] bytes = new byte[Long.BYTES];
    putLong(bytes, 0, value);
    return Bytes.wrap(bytes);
  }

  static long number(Bytes value) {
    return getLong(value, 0);
  }

  /** What a pointer says: how long the value is that it leads to. */
  static Bytes size(int recordBytes) {
    byte[] bytes = new byte[Integer.BYTES];
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[i] = (byte) (recordBytes >>> (24 - 8 * i));
    }
    return Bytes.wrap(bytes);
  }

  static int size(Bytes value) {
    return value.at(0) << 24 | value.at(1) << 16 | value.at(2) << 8 | value.at(3);
  }

  /** The main revision that a record of a compaction names; -1 when there is none. */
  static long compaction(Optional<Bytes> record) {
    return record.map(value -> revision(value).main()).orElse(-1L);
  }

  static void putLong(byte[] target, int at, long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      target[at + i] = (byte) (value >>> (56 - 8 * i));
    }
  }

  static long getLong(Bytes source, int at) {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | source.at(at + i);
    }
    return value;
  }
}
