// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.util.List;

/**
 * A change of the v3 keyspace. Fields are those of etcd's requests of the same names; requests
 * reach the log only after the checks that need no state (empty keys, duplicates, limits).
 * Semantics: docs/compatibility.md, recorded behaviour of etcd 3.4.23.
 */
public sealed interface KeyspaceCommand extends V3Command {

  /** What a transaction is made of. */
  sealed interface Operation permits Put, DeleteRange, Txn, RangeQuery {}

  /**
   * Makes a new version of a key.
   *
   * @param lease the lease it hangs on from now on; 0 for none
   * @param previous whether the answer tells the version before
   * @param ignoreValue keep the value, refused when the key does not exist
   * @param ignoreLease keep the lease, refused when the key does not exist
   */
  record Put(
      Bytes key,
      Bytes value,
      long lease,
      boolean previous,
      boolean ignoreValue,
      boolean ignoreLease)
      implements KeyspaceCommand, Operation {

    /** A plain put. */
    public Put(Bytes key, Bytes value) {
      this(key, value, 0, false, false, false);
    }
  }

  /**
   * Deletes the keys of a range, in one revision.
   *
   * @param rangeEnd as in {@link #range}
   * @param previous whether the answer tells what was deleted
   */
  record DeleteRange(Bytes key, Bytes rangeEnd, boolean previous)
      implements KeyspaceCommand, Operation {}

  /** All of one branch in one revision, chosen by whether every compare holds. */
  record Txn(List<Compare> compares, List<Operation> success, List<Operation> failure)
      implements KeyspaceCommand, Operation {

    public Txn {
      compares = List.copyOf(compares);
      success = List.copyOf(success);
      failure = List.copyOf(failure);
    }
  }

  /**
   * Forgets what was superseded at or before {@code revision}.
   *
   * @param physical whether the answer waits until the records are gone; no matter to the state
   */
  record Compact(long revision, boolean physical) implements KeyspaceCommand {}

  /**
   * The keys that a request means.
   *
   * @param rangeEnd empty for {@code key} alone, one zero byte for all from {@code key} on, else
   *     the first key that is not meant
   */
  static KeyRange range(Bytes key, Bytes rangeEnd) {
    if (rangeEnd.isEmpty()) {
      return KeyRange.only(key);
    }
    boolean open = rangeEnd.length() == 1 && rangeEnd.at(0) == 0;
    return open ? KeyRange.from(key) : KeyRange.of(key, rangeEnd);
  }
}
