// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of keys, each with something of its own, to be found by a key inside. Single keys lie in a
 * hash table; what spans more lies in a tree ordered by the first key, whose nodes know the
 * furthest end below them: a key is looked up in the time of a logarithm and of what is found. Not
 * thread-safe.
 *
 * <p>The tree is kept level by priorities (Seidel and Aragon, "Randomized Search Trees"), which are
 * the nodes' identity hashes: a client that chooses its ranges with care can not make it steep, and
 * what is found does not depend on the shape.
 */
final class RangeIndex<T> {

  private static final class Node<T> {
    private final KeyRange range;
    private final T value;
    private final int priority;
    private Optional<Bytes> furthest;
    private @Nullable Node<T> left;
    private @Nullable Node<T> right;

    Node(KeyRange range, T value) {
      this.range = range;
      this.value = value;
      priority = System.identityHashCode(this);
      furthest = range.to();
    }

    void update() {
      Optional<Bytes> end = range.to();
      if (left != null) {
        end = further(end, left.furthest);
      }
      if (right != null) {
        end = further(end, right.furthest);
      }
      furthest = end;
    }
  }

  private final Map<Bytes, T> points = new HashMap<>();
  private @Nullable Node<T> root;

  boolean isEmpty() {
    return points.isEmpty() && root == null;
  }

  /** What {@code range} has; made by {@code make} when it is new. */
  T computeIfAbsent(KeyRange range, Function<KeyRange, T> make) {
    if (isPoint(range)) {
      return points.computeIfAbsent(range.from(), key -> make.apply(range));
    }
    Node<T> at = root;
    while (at != null) {
      int order = compare(range, at.range);
      if (order == 0) {
        return at.value;
      }
      at = order < 0 ? at.left : at.right;
    }
    T value = make.apply(range);
    root = insert(root, new Node<>(range, value));
    return value;
  }

  void remove(KeyRange range) {
    if (isPoint(range)) {
      points.remove(range.from());
    } else {
      root = remove(root, range);
    }
  }

  /** Gives {@code each} what the ranges have that {@code key} lies in. */
  void covering(Bytes key, Consumer<T> each) {
    T point = points.get(key);
    if (point != null) {
      each.accept(point);
    }
    visit(root, key, each);
  }

  /** Whether {@code key} lies in any range. */
  boolean covers(Bytes key) {
    return points.containsKey(key) || isInside(root, key);
  }

  /** What all ranges have. */
  List<T> values() {
    List<T> values = new ArrayList<>(points.values());
    collect(root, values);
    return values;
  }

  private static <T> void visit(@Nullable Node<T> node, Bytes key, Consumer<T> each) {
    Node<T> at = node;
    while (at != null && isBefore(key, at.furthest)) {
      visit(at.left, key, each);
      if (key.compareTo(at.range.from()) < 0) {
        return;
      }
      if (isBefore(key, at.range.to())) {
        each.accept(at.value);
      }
      at = at.right;
    }
  }

  private static <T> boolean isInside(@Nullable Node<T> node, Bytes key) {
    Node<T> at = node;
    while (at != null && isBefore(key, at.furthest)) {
      if (isInside(at.left, key)) {
        return true;
      }
      if (key.compareTo(at.range.from()) < 0) {
        return false;
      }
      if (isBefore(key, at.range.to())) {
        return true;
      }
      at = at.right;
    }
    return false;
  }

  private static <T> void collect(@Nullable Node<T> node, List<T> values) {
    if (node != null) {
      collect(node.left, values);
      values.add(node.value);
      collect(node.right, values);
    }
  }

  private static <T> Node<T> insert(@Nullable Node<T> node, Node<T> added) {
    if (node == null) {
      return added;
    }
    Node<T> top = node;
    if (compare(added.range, node.range) < 0) {
      Node<T> left = insert(node.left, added);
      node.left = left;
      if (left.priority > node.priority) {
        top = turnRight(node, left);
      }
    } else {
      Node<T> right = insert(node.right, added);
      node.right = right;
      if (right.priority > node.priority) {
        top = turnLeft(node, right);
      }
    }
    top.update();
    return top;
  }

  private static <T> @Nullable Node<T> remove(@Nullable Node<T> node, KeyRange range) {
    if (node == null) {
      return null;
    }
    int order = compare(range, node.range);
    if (order == 0) {
      return joined(node.left, node.right);
    }
    if (order < 0) {
      node.left = remove(node.left, range);
    } else {
      node.right = remove(node.right, range);
    }
    node.update();
    return node;
  }

  private static <T> @Nullable Node<T> joined(@Nullable Node<T> left, @Nullable Node<T> right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    Node<T> top;
    if (left.priority > right.priority) {
      left.right = joined(left.right, right);
      top = left;
    } else {
      right.left = joined(left, right.left);
      top = right;
    }
    top.update();
    return top;
  }

  private static <T> Node<T> turnRight(Node<T> node, Node<T> left) {
    node.left = left.right;
    left.right = node;
    node.update();
    return left;
  }

  private static <T> Node<T> turnLeft(Node<T> node, Node<T> right) {
    node.right = right.left;
    right.left = node;
    node.update();
    return right;
  }

  private static boolean isPoint(KeyRange range) {
    return range.to().isPresent() && isNext(range.from(), range.to().get());
  }

  /** Whether nothing lies between {@code key} and {@code end}. */
  private static boolean isNext(Bytes key, Bytes end) {
    return end.length() == key.length() + 1 && end.at(key.length()) == 0 && end.startsWith(key);
  }

  private static int compare(KeyRange a, KeyRange b) {
    int order = a.from().compareTo(b.from());
    if (order != 0 || a.to().equals(b.to())) {
      return order;
    }
    return further(a.to(), b.to()).equals(a.to()) ? 1 : -1;
  }

  /** The later one of two ends; one that is absent is behind everything. */
  private static Optional<Bytes> further(Optional<Bytes> a, Optional<Bytes> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    return a.get().compareTo(b.get()) >= 0 ? a : b;
  }

  private static boolean isBefore(Bytes key, Optional<Bytes> end) {
    return end.isEmpty() || key.compareTo(end.get()) < 0;
  }
}
