// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.tree.Children.Child;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Turns nodes into what answers and events show of them. */
final class Pictures {

  private Pictures() {}

  /** A node alone, as {@code prevNode} and listings show it. */
  static NodeView alone(Bytes path, Node node) {
    return picture(path, node, List.of());
  }

  /** A node as GET shows it: a directory with its children, or with all below. */
  static NodeView listed(Bytes path, Node node, boolean recursive) {
    return switch (node) {
      case Node.File file -> alone(path, file);
      case Node.Directory directory ->
          recursive ? whole(path, directory) : oneLevel(path, directory);
    };
  }

  private static NodeView oneLevel(Bytes path, Node.Directory directory) {
    List<NodeView> children = new ArrayList<>(directory.children().size());
    for (Child child : directory.children()) {
      if (!isHidden(child.name())) {
        children.add(alone(StorePath.child(path, child.name()), child.node()));
      }
    }
    return picture(path, directory, children);
  }

  private static NodeView whole(Bytes path, Node.Directory top) {
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(new Level(path, top));
    while (true) {
      Level level = levels.element();
      if (!level.rest.hasNext()) {
        levels.pop();
        NodeView done = picture(level.path, level.directory, level.shown);
        if (levels.isEmpty()) {
          return done;
        }
        levels.element().shown.add(done);
        continue;
      }
      Child child = level.rest.next();
      if (!isHidden(child.name())) {
        Bytes childPath = StorePath.child(level.path, child.name());
        switch (child.node()) {
          case Node.File file -> level.shown.add(alone(childPath, file));
          case Node.Directory directory -> levels.push(new Level(childPath, directory));
        }
      }
    }
  }

  private static NodeView picture(Bytes path, Node node, List<NodeView> children) {
    return new NodeView(
        path,
        node instanceof Node.File file ? Optional.of(file.value()) : Optional.empty(),
        node instanceof Node.Directory,
        node.expiresAt(),
        node.createdIndex(),
        node.modifiedIndex(),
        children);
  }

  private static boolean isHidden(Bytes name) {
    return name.at(0) == '_';
  }

  private static final class Level {
    final Bytes path;
    final Node.Directory directory;
    final Iterator<Child> rest;
    final List<NodeView> shown = new ArrayList<>();

    Level(Bytes path, Node.Directory directory) {
      this.path = path;
      this.directory = directory;
      this.rest = directory.children().iterator();
    }
  }
}
