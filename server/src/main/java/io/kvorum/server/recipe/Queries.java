// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.RangeQuery.Bounds;
import io.kvorum.server.command.RangeQuery.SortOrder;
import io.kvorum.server.command.RangeQuery.SortTarget;
import java.util.Optional;

/** The questions that queues of keys are made of. */
final class Queries {

  private static final Bytes OPEN_END = Bytes.wrap(new byte[1]);

  private Queries() {}

  /** The end of the range of all keys that begin with {@code prefix}. */
  static Bytes end(Bytes prefix) {
    return KeyRange.prefix(prefix).to().orElse(OPEN_END);
  }

  /** The key below {@code prefix} that was created first. */
  static RangeQuery first(Bytes prefix) {
    return one(prefix, SortOrder.ASCEND, Bounds.NONE);
  }

  /** The key below {@code prefix} that was created last before revision {@code created}. */
  static RangeQuery lastBefore(Bytes prefix, long created) {
    return one(prefix, SortOrder.DESCEND, new Bounds(0, 0, 0, created - 1));
  }

  private static RangeQuery one(Bytes prefix, SortOrder order, Bounds bounds) {
    return new RangeQuery(
        prefix, end(prefix), 1, 0, order, SortTarget.CREATE, false, false, false, bounds);
  }

  /** Whether {@code key} was created by just this revision; by none when that is 0. */
  static Compare created(Bytes key, long revision) {
    return Compare.number(key, Compare.Target.CREATE_REVISION, Compare.Relation.EQUAL, revision);
  }

  static Optional<KeyValue> found(KeyspaceResult result) {
    return result instanceof KeyspaceResult.Range range
        ? range.found().stream().findFirst()
        : Optional.empty();
  }

  static KeyspaceResult.Txn txn(KeyspaceResult result) {
    if (result instanceof KeyspaceResult.Txn txn) {
      return txn;
    }
    throw new IllegalStateException("a transaction answered " + result);
  }
}
