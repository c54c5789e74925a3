// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal.Unsound.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is wrong with an operation of the v3 keyspace whatever the state is, as etcd 3.7 checks. */
final class Soundness {

  private Soundness() {}

  /**
   * The first thing that is wrong.
   *
   * @param operationsMax how many compares and operations of one kind a transaction may have
   */
  static Optional<Reason> fault(Operation operation, int operationsMax) {
    return switch (operation) {
      case RangeQuery range -> emptyKey(range.key());
      case Put put -> fault(put);
      case DeleteRange delete -> emptyKey(delete.key());
      case Txn txn ->
          firstFault(txn, operationsMax)
              .or(() -> conflict(txn.success()))
              .or(() -> conflict(txn.failure()));
    };
  }

  private static Optional<Reason> emptyKey(Bytes key) {
    return key.isEmpty() ? Optional.of(Reason.KEY_NOT_PROVIDED) : Optional.empty();
  }

  private static Optional<Reason> fault(Put put) {
    if (put.key().isEmpty()) {
      return Optional.of(Reason.KEY_NOT_PROVIDED);
    }
    if (put.ignoreValue() && !put.value().isEmpty()) {
      return Optional.of(Reason.VALUE_PROVIDED);
    }
    return put.ignoreLease() && put.lease() != 0
        ? Optional.of(Reason.LEASE_PROVIDED)
        : Optional.empty();
  }

  /** Counts and parts; a nested transaction has what its parent leaves. */
  private static Optional<Reason> firstFault(Txn txn, int operationsMax) {
    int most =
        Math.max(txn.compares().size(), Math.max(txn.success().size(), txn.failure().size()));
    if (most > operationsMax) {
      return Optional.of(Reason.TOO_MANY_OPERATIONS);
    }
    for (Compare compare : txn.compares()) {
      if (compare.key().isEmpty()) {
        return Optional.of(Reason.KEY_NOT_PROVIDED);
      }
    }
    for (List<Operation> branch : List.of(txn.success(), txn.failure())) {
      for (Operation operation : branch) {
        Optional<Reason> fault =
            operation instanceof Txn nested
                ? firstFault(nested, operationsMax - most)
                : fault(operation, operationsMax);
        if (fault.isPresent()) {
          return fault;
        }
      }
    }
    return Optional.empty();
  }

  /** What a branch writes: keys that are put, and ranges that are deleted. */
  private record Writes(Set<Bytes> puts, List<KeyRange> deletions) {

    Writes() {
      this(new HashSet<>(), new ArrayList<>());
    }

    boolean deletes(Bytes key) {
      return deletions.stream().anyMatch(range -> range.contains(key));
    }

    void addAll(Writes others) {
      puts.addAll(others.puts);
      deletions.addAll(others.deletions);
    }
  }

  private static Optional<Reason> conflict(List<Operation> branch) {
    return writes(branch).isPresent() ? Optional.empty() : Optional.of(Reason.DUPLICATE_KEY);
  }

  /**
   * What {@code branch} writes; empty when a key is put twice in it, or put and deleted.
   *
   * <p>The order is etcd's, and with it an oddity: a deletion in a later nested transaction is not
   * held against what earlier nested ones of the same branch put.
   */
  private static Optional<Writes> writes(List<Operation> branch) {
    Writes all = new Writes();
    for (Operation operation : branch) {
      if (operation instanceof DeleteRange delete) {
        all.deletions.add(KeyspaceCommand.range(delete.key(), delete.rangeEnd()));
      }
    }
    for (Operation operation : branch) {
      if (operation instanceof Txn nested && !addNested(nested, all)) {
        return Optional.empty();
      }
    }
    for (Operation operation : branch) {
      if (operation instanceof Put put && (!all.puts.add(put.key()) || all.deletes(put.key()))) {
        return Optional.empty();
      }
    }
    return Optional.of(all);
  }

  /** The two branches of one nested transaction may put the same key: only one of them runs. */
  private static boolean addNested(Txn nested, Writes all) {
    Optional<Writes> success = writes(nested.success());
    Optional<Writes> failure = writes(nested.failure());
    if (success.isEmpty() || failure.isEmpty()) {
      return false;
    }
    Writes both = success.get();
    both.addAll(failure.get());
    for (Bytes key : both.puts) {
      if (all.puts.contains(key) || all.deletes(key)) {
        return false;
      }
    }
    all.addAll(both);
    return true;
  }

  /** Whether nothing in {@code txn} writes. */
  static boolean onlyReads(Txn txn) {
    return txn.success().stream().allMatch(RangeQuery.class::isInstance)
        && txn.failure().stream().allMatch(RangeQuery.class::isInstance);
  }

  /** Whether this member's own state will do for all that {@code txn} reads. */
  static boolean isSerializable(Txn txn) {
    return Stream.of(txn.success(), txn.failure())
        .flatMap(List::stream)
        .allMatch(operation -> operation instanceof RangeQuery range && range.serializable());
  }
}
