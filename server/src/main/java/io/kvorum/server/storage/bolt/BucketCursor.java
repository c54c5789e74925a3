// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.base.Bytes;
import io.kvorum.server.storage.engine.Cursor;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Walks a bucket in the order of its keys. Keys that do not grow are {@link CorruptDatabase}, so a
 * walk ends whatever the pages point at.
 */
public final class BucketCursor implements Cursor {

  /** Four levels hold more than any disk; a tree of one-child branches is a circle. */
  private static final int LEVELS_MAX = 64;

  private static final class Level {
    final Page page;
    int at = -1;

    Level(Page page) {
      this.page = page;
    }
  }

  private final PageFile pages;
  private final Deque<Level> levels = new ArrayDeque<>();
  private @Nullable Bytes key;

  BucketCursor(PageFile pages, Page root) {
    this.pages = pages;
    levels.push(new Level(root));
  }

  @Override
  public boolean next() {
    while (!levels.isEmpty()) {
      Level level = levels.peek();
      if (++level.at >= level.page.count()) {
        levels.pop();
      } else if (level.page.isLeaf()) {
        advanceTo(level.page.key(level.at), level.page);
        return true;
      } else if (levels.size() >= LEVELS_MAX) {
        throw new CorruptDatabase(level.page.name() + ": the tree has no end");
      } else {
        levels.push(new Level(pages.page(level.page.child(level.at))));
      }
    }
    return false;
  }

  private void advanceTo(Bytes next, Page page) {
    Bytes previous = key;
    if (previous != null && previous.compareTo(next) >= 0) {
      throw new CorruptDatabase("%s: key %s comes after %s".formatted(page.name(), next, previous));
    }
    key = next;
  }

  private Level leaf() {
    Level leaf = levels.peek();
    if (leaf == null || key == null) {
      throw new IllegalStateException("cursor: not at a record");
    }
    return leaf;
  }

  @Override
  public Bytes key() {
    Level leaf = leaf();
    return leaf.page.key(leaf.at);
  }

  @Override
  public Bytes value() {
    Level leaf = leaf();
    return leaf.page.value(leaf.at);
  }

  /** Whether the present record is a bucket; then {@link #bucket} tells more than the value. */
  public boolean isBucket() {
    Level leaf = leaf();
    return leaf.page.isBucket(leaf.at);
  }

  public Bucket bucket() {
    return Bucket.in(pages, key().utf8(), value());
  }

  /** Holds nothing that must be given back. */
  @Override
  public void close() {
    levels.clear();
  }
}
