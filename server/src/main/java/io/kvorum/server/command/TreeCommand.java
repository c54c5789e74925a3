// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;

/**
 * A change of the v2 tree.
 *
 * <p>Paths are full store paths: cleaned, absolute, without a trailing slash, user keys below
 * {@code /1}, cluster data below {@code /0}. Values are bytes, as a v2 value need not be UTF-8.
 * Deadlines are absolute Unix nanoseconds chosen by the member that received the request; 0 means
 * none. Semantics: recorded behaviour of etcd 2.3.7.
 */
public sealed interface TreeCommand extends Command {

  /** Create or replace; with {@code refresh} keep the value and tell no watcher. */
  record Set(Bytes path, boolean directory, Bytes value, long expiresAt, boolean refresh)
      implements TreeCommand {}

  /** Create, refused when the path exists. */
  record Create(Bytes path, boolean directory, Bytes value, long expiresAt)
      implements TreeCommand {}

  /** Create a child of {@code path} named after the new index, 20 digits. */
  record CreateInOrder(Bytes path, boolean directory, Bytes value, long expiresAt)
      implements TreeCommand {}

  /** Change what exists. */
  record Update(Bytes path, Bytes value, long expiresAt, boolean refresh) implements TreeCommand {}

  /** Change a file when {@code condition} holds. */
  record CompareAndSwap(
      Bytes path, Bytes value, Condition condition, long expiresAt, boolean refresh)
      implements TreeCommand {}

  /** Remove; {@code recursive} implies {@code directory}. */
  record Delete(Bytes path, boolean directory, boolean recursive) implements TreeCommand {}

  /** Remove a file when {@code condition} holds. */
  record CompareAndDelete(Bytes path, Condition condition) implements TreeCommand {}

  /** SYNC: remove every node whose deadline is not after {@code upTo} (Unix nanoseconds). */
  record Expire(long upTo) implements TreeCommand {}

  /** QGET, a read through the log by a member of 2.3 or 3.4: no effect on state. */
  record Read(Bytes path, boolean recursive, boolean sorted) implements TreeCommand {}

  /** What must hold: an empty value and index 0 stand for "not given". */
  record Condition(Bytes value, long index) {}
}
