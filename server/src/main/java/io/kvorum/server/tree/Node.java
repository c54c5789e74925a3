// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;

/** One place of the tree, immutable. It does not know its name: its parent does. */
sealed interface Node {

  long createdIndex();

  long modifiedIndex();

  /** Unix nanoseconds, 0 for never. */
  long expiresAt();

  record File(Bytes value, long createdIndex, long modifiedIndex, long expiresAt) implements Node {}

  record Directory(Children children, long createdIndex, long modifiedIndex, long expiresAt)
      implements Node {

    static Directory empty(long index, long expiresAt) {
      return new Directory(Children.EMPTY, index, index, expiresAt);
    }

    Directory with(Children other) {
      return new Directory(other, createdIndex, modifiedIndex, expiresAt);
    }
  }
}
