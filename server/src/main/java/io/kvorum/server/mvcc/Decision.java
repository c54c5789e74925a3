// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Which branch a transaction takes, and those nested in that branch: all compares are made before
 * the first operation runs.
 *
 * @param nested one for each nested transaction among {@code operations}, in order
 */
record Decision(boolean succeeded, List<Operation> operations, List<Decision> nested) {

  private static final KeyValue ABSENT = KeyValue.deleted(Bytes.EMPTY, 0);

  static Decision of(Txn txn, Versions versions) {
    boolean succeeded = txn.compares().stream().allMatch(compare -> holds(compare, versions));
    List<Operation> taken = succeeded ? txn.success() : txn.failure();
    List<Decision> nested = new ArrayList<>();
    for (Operation operation : taken) {
      if (operation instanceof Txn inner) {
        nested.add(of(inner, versions));
      }
    }
    return new Decision(succeeded, taken, List.copyOf(nested));
  }

  /** The operations that will run, nested ones in place of their transactions. */
  List<Operation> flat() {
    List<Operation> flat = new ArrayList<>();
    Iterator<Decision> inner = nested.iterator();
    for (Operation operation : operations) {
      if (operation instanceof Txn) {
        flat.addAll(inner.next().flat());
      } else {
        flat.add(operation);
      }
    }
    return flat;
  }

  /** The ranges that will be read. */
  List<RangeQuery> ranges() {
    return flat().stream()
        .filter(RangeQuery.class::isInstance)
        .map(RangeQuery.class::cast)
        .toList();
  }

  /** The puts that will be made. */
  List<Put> puts() {
    return flat().stream().filter(Put.class::isInstance).map(Put.class::cast).toList();
  }

  /** A range without keys is like a key that is not there: all zeros, and no value whatever. */
  private static boolean holds(Compare compare, Versions versions) {
    List<KeyValue> found = compared(compare, versions);
    if (found.isEmpty()) {
      return compare.target() != Compare.Target.VALUE && holds(compare, ABSENT);
    }
    return found.stream().allMatch(stored -> holds(compare, stored));
  }

  private static List<KeyValue> compared(Compare compare, Versions versions) {
    if (compare.rangeEnd().isEmpty()) {
      Optional<KeyValue> one = versions.get(compare.key(), Versions.NOW);
      return one.stream().toList();
    }
    KeyRange range = KeyspaceCommand.range(compare.key(), compare.rangeEnd());
    return versions.find(range, Versions.NOW, Long.MAX_VALUE).versions();
  }

  private static boolean holds(Compare compare, KeyValue stored) {
    int order =
        switch (compare.target()) {
          case VERSION -> Long.compare(stored.version(), compare.number());
          case CREATE_REVISION -> Long.compare(stored.createRevision(), compare.number());
          case MOD_REVISION -> Long.compare(stored.modRevision(), compare.number());
          case LEASE -> Long.compare(stored.lease(), compare.number());
          case VALUE -> stored.value().compareTo(compare.value());
        };
    return switch (compare.relation()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
    };
  }
}
