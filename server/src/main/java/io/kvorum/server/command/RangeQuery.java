// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;

/**
 * A read of the v3 keyspace, with the fields of etcd's RangeRequest.
 *
 * @param rangeEnd as in {@link KeyspaceCommand#range}
 * @param limit the most keys to answer; none when not positive
 * @param revision the revision to read at; the newest when not positive
 * @param serializable whether this member's own state will do; no matter to the store
 * @param countOnly answer the number of keys and nothing else
 * @param bounds revisions outside of which a key is left out
 */
public record RangeQuery(
    Bytes key,
    Bytes rangeEnd,
    long limit,
    long revision,
    SortOrder order,
    SortTarget target,
    boolean serializable,
    boolean keysOnly,
    boolean countOnly,
    Bounds bounds)
    implements KeyspaceCommand.Operation {

  /** The order is the protocol's numbering. */
  public enum SortOrder {
    NONE,
    ASCEND,
    DESCEND
  }

  /** The order is the protocol's numbering. */
  public enum SortTarget {
    KEY,
    VERSION,
    CREATE,
    MOD,
    VALUE
  }

  /** Both ends included; 0 stands for no bound. */
  public record Bounds(long modMin, long modMax, long createMin, long createMax) {

    public static final Bounds NONE = new Bounds(0, 0, 0, 0);

    public boolean admit(KeyValue found) {
      return (modMin == 0 || found.modRevision() >= modMin)
          && (modMax == 0 || found.modRevision() <= modMax)
          && (createMin == 0 || found.createRevision() >= createMin)
          && (createMax == 0 || found.createRevision() <= createMax);
    }
  }

  /** Everything of a range as it is now, in key order. */
  public static RangeQuery of(Bytes key, Bytes rangeEnd) {
    return new RangeQuery(
        key, rangeEnd, 0, 0, SortOrder.NONE, SortTarget.KEY, false, false, false, Bounds.NONE);
  }

  /** One key as it is now. */
  public static RangeQuery of(Bytes key) {
    return of(key, Bytes.EMPTY);
  }

  /** The same at another revision. */
  public RangeQuery at(long otherRevision) {
    return new RangeQuery(
        key,
        rangeEnd,
        limit,
        otherRevision,
        order,
        target,
        serializable,
        keysOnly,
        countOnly,
        bounds);
  }

  /** The same with another limit. */
  public RangeQuery atMost(long otherLimit) {
    return new RangeQuery(
        key,
        rangeEnd,
        otherLimit,
        revision,
        order,
        target,
        serializable,
        keysOnly,
        countOnly,
        bounds);
  }

  /** The keys meant. */
  public KeyRange range() {
    return KeyspaceCommand.range(key, rangeEnd);
  }
}
