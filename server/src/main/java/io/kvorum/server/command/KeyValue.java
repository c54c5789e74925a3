// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;

/**
 * One version of a key of the v3 keyspace, with its bytes: a {@code mvccpb.KeyValue}, which is what
 * etcd stores, sends and hashes. A range of ten thousand keys goes from the store to the wire
 * without being encoded again.
 *
 * <p>The bytes of a value that was {@link #read} are those that were read, whoever wrote them.
 */
public final class KeyValue {

  /** What the writer wants free for two lengths and four numbers. */
  private static final int ENCODED_ROOM = 6 * 15;

  private final Bytes key;
  private final long createRevision;
  private final long modRevision;
  private final long version;
  private final Bytes value;
  private final long lease;
  private final Bytes encoded;

  private KeyValue(
      Bytes key,
      long createRevision,
      long modRevision,
      long version,
      Bytes value,
      long lease,
      Bytes encoded) {
    this.key = key;
    this.createRevision = createRevision;
    this.modRevision = modRevision;
    this.version = version;
    this.value = value;
    this.lease = lease;
    this.encoded = encoded;
  }

  /**
   * A version that was put.
   *
   * @param createRevision the revision of the put that created the key
   * @param modRevision the revision of this put
   * @param version how many puts since the creation, this one included
   * @param lease 0 for none
   */
  public static KeyValue of(
      Bytes key, long createRevision, long modRevision, long version, Bytes value, long lease) {
    ProtoWriter out = new ProtoWriter(key.length() + value.length() + ENCODED_ROOM);
    out.bytes(1, key);
    out.uint64(2, createRevision);
    out.uint64(3, modRevision);
    out.uint64(4, version);
    out.bytes(5, value);
    out.uint64(6, lease);
    return new KeyValue(key, createRevision, modRevision, version, value, lease, out.take());
  }

  /** What an event says of a deleted key: the key and the revision of the deletion. */
  public static KeyValue deleted(Bytes key, long modRevision) {
    return of(key, 0, modRevision, 0, Bytes.EMPTY, 0);
  }

  /**
   * Reads a {@code mvccpb.KeyValue}; the result shares the array of {@code encoded}.
   *
   * @throws io.kvorum.base.MalformedProto when it is none
   */
  public static KeyValue read(Bytes encoded) {
    Bytes key = Bytes.EMPTY;
    long createRevision = 0;
    long modRevision = 0;
    long version = 0;
    Bytes value = Bytes.EMPTY;
    long lease = 0;
    ProtoReader in = new ProtoReader("KeyValue", encoded);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> key = in.bytes();
        case 2 -> createRevision = in.uint64();
        case 3 -> modRevision = in.uint64();
        case 4 -> version = in.uint64();
        case 5 -> value = in.bytes();
        case 6 -> lease = in.uint64();
        default -> in.skip();
      }
    }
    return new KeyValue(key, createRevision, modRevision, version, value, lease, encoded);
  }

  public Bytes key() {
    return key;
  }

  public long createRevision() {
    return createRevision;
  }

  public long modRevision() {
    return modRevision;
  }

  public long version() {
    return version;
  }

  public Bytes value() {
    return value;
  }

  public long lease() {
    return lease;
  }

  /** The {@code mvccpb.KeyValue}. */
  public Bytes encoded() {
    return encoded;
  }

  /** The same without its value, for {@code keys_only}. */
  public KeyValue withoutValue() {
    return value.isEmpty()
        ? this
        : of(key, createRevision, modRevision, version, Bytes.EMPTY, lease);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyValue that && encoded.equals(that.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  /** For messages and test failures; values are not shown. */
  @Override
  public String toString() {
    return "%s@%d (created %d, version %d, lease %d, %d bytes)"
        .formatted(key, modRevision, createRevision, version, lease, value.length());
  }
}
