// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Which nodes go when: by deadline, then by path, so that every member of ours removes equal
 * deadlines in the same order. Owned by the apply thread.
 */
final class Deadlines {

  /** {@code expiresAt} in Unix nanoseconds. */
  record Deadline(long expiresAt, Bytes path) implements Comparable<Deadline> {
    @Override
    public int compareTo(Deadline other) {
      int byTime = Long.compare(expiresAt, other.expiresAt);
      return byTime != 0 ? byTime : path.compareTo(other.path);
    }
  }

  private final TreeSet<Deadline> deadlines = new TreeSet<>();

  void add(Bytes path, Node node) {
    if (node.expiresAt() != 0) {
      deadlines.add(new Deadline(node.expiresAt(), path.compact()));
    }
  }

  void remove(Bytes path, Node node) {
    if (node.expiresAt() != 0) {
      deadlines.remove(new Deadline(node.expiresAt(), path));
    }
  }

  /** Everything at or below {@code path} no longer expires. */
  void removeAll(Bytes path, Node node) {
    if (!deadlines.isEmpty()) {
      Branches.walk(path, node, this::remove);
    }
  }

  /** The path that goes next, unless its deadline is after {@code upTo}. */
  Optional<Bytes> next(long upTo) {
    return deadlines.isEmpty() || deadlines.first().expiresAt() > upTo
        ? Optional.empty()
        : Optional.of(deadlines.first().path());
  }

  OptionalLong earliest() {
    return deadlines.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(deadlines.first().expiresAt());
  }

  void clear() {
    deadlines.clear();
  }
}
