// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.tree.Children.Child;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Finding and changing nodes by path. A change copies the directories on the way and shares the
 * rest. Nothing here recurses: how deep a tree gets is up to its clients, a stack is not.
 */
final class Branches {

  private Branches() {}

  /** What a path leads to. */
  sealed interface Found {

    record There(Node node) implements Found {}

    /** Nothing at {@code path}, which is the asked one or the first missing one above it. */
    record Missing(Bytes path) implements Found {}

    /** The file at {@code path} stands where the asked path needs a directory. */
    record Blocked(Bytes path) implements Found {}
  }

  static Found find(Node.Directory root, Bytes path) {
    Node node = root;
    int at = 1;
    while (at < path.length()) {
      if (!(node instanceof Node.Directory directory)) {
        return new Found.Blocked(path.slice(0, at - 1));
      }
      int end = StorePath.endOfPart(path, at);
      Node child = directory.children().get(path.slice(at, end));
      if (child == null) {
        return new Found.Missing(path.slice(0, end));
      }
      node = child;
      at = end + 1;
    }
    return new Found.There(node);
  }

  /** The root and its parts after a change, and which parent directories had to be made. */
  record Planted(Node.Directory root, List<Bytes> made) {}

  /**
   * Puts {@code node} at {@code path}, with missing parents made at {@code index}. No file may
   * stand in the way.
   */
  static Planted put(Node.Directory root, Bytes path, Node node, long index) {
    List<Node.Directory> way = new ArrayList<>();
    List<Bytes> made = List.of();
    Node.Directory directory = root;
    int at = 1;
    int end = StorePath.endOfPart(path, at);
    while (end < path.length()) {
      way.add(directory);
      Node child = directory.children().get(path.slice(at, end));
      if (child == null) {
        made = made.isEmpty() ? new ArrayList<>() : made;
        made.add(path.slice(0, end));
        directory = Node.Directory.empty(index, 0);
      } else {
        directory = (Node.Directory) child;
      }
      at = end + 1;
      end = StorePath.endOfPart(path, at);
    }
    Children children = directory.children().with(path.slice(at, end), node);
    return new Planted(rebuilt(way, path, directory.with(children)), made);
  }

  /** Removes what is at {@code path}, which must be there, with everything below. */
  static Node.Directory remove(Node.Directory root, Bytes path) {
    List<Node.Directory> way = new ArrayList<>();
    Node.Directory directory = root;
    int at = 1;
    int end = StorePath.endOfPart(path, at);
    while (end < path.length()) {
      way.add(directory);
      directory = (Node.Directory) present(directory, path.slice(at, end));
      at = end + 1;
      end = StorePath.endOfPart(path, at);
    }
    Children children = directory.children().without(path.slice(at, end));
    return rebuilt(way, path, directory.with(children));
  }

  /** From the changed directory that holds {@code path}'s node back up to the root. */
  private static Node.Directory rebuilt(
      List<Node.Directory> way, Bytes path, Node.Directory changed) {
    Node.Directory below = changed;
    Bytes belowPath = StorePath.parent(path);
    for (Node.Directory above : way.reversed()) {
      below = above.with(above.children().with(StorePath.name(belowPath), below));
      belowPath = StorePath.parent(belowPath);
    }
    return below;
  }

  private static Node present(Node.Directory directory, Bytes name) {
    return Optional.ofNullable(directory.children().get(name))
        .orElseThrow(() -> new IllegalStateException("no " + name + " in the directory"));
  }

  /** Visits {@code node} and everything below it, a directory before its content, in name order. */
  static void walk(Bytes path, Node node, BiConsumer<Bytes, Node> visitor) {
    visitor.accept(path, node);
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(Level.of(path, node));
    while (!levels.isEmpty()) {
      Level level = levels.peek();
      if (!level.rest.hasNext()) {
        levels.pop();
        continue;
      }
      Child child = level.rest.next();
      Bytes childPath = StorePath.child(level.path, child.name());
      visitor.accept(childPath, child.node());
      if (child.node() instanceof Node.Directory) {
        levels.push(Level.of(childPath, child.node()));
      }
    }
  }

  private record Level(Bytes path, Iterator<Child> rest) {
    static Level of(Bytes path, Node node) {
      return new Level(
          path,
          switch (node) {
            case Node.Directory directory -> directory.children().iterator();
            case Node.File file -> List.<Child>of().iterator();
          });
    }
  }
}
