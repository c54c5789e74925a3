// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.base.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs sorted records into the pages of one tree.
 *
 * <p>One page per level is open. A full one gets the next number, goes out and leaves its first key
 * in the open page above; so children always come before their parent, the root is the last page,
 * and no more than one path is in memory.
 */
final class TreePacker {

  static final int KEY_BYTES_MAX = 32768;

  /** With fewer children in a branch a tree of very long keys would never end. */
  private static final int CHILDREN_MIN = 2;

  /** A record of a leaf, or a child of a branch (then without a value). */
  record Element(Bytes key, Bytes value, long child, boolean bucket) {

    int bytes() {
      return Page.ELEMENT_BYTES + key.length() + value.length();
    }
  }

  private static final class OpenPage {
    List<Element> elements = new ArrayList<>();
    long bytes = Page.HEADER_BYTES;
    boolean wroteOne;
  }

  private final PageOutput output;
  private final List<OpenPage> levels = new ArrayList<>();
  private @Nullable Bytes last;

  TreePacker(PageOutput output) {
    this.output = output;
    levels.add(new OpenPage());
  }

  void add(Bytes key, Bytes value, boolean bucket) throws IOException {
    if (key.isEmpty() || key.length() > KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "key of " + key.length() + " bytes: expected 1 to " + KEY_BYTES_MAX);
    }
    if (last != null && last.compareTo(key) >= 0) {
      throw new IllegalArgumentException("key " + key + " after " + last + ": expected a greater");
    }
    last = key;
    add(0, new Element(key, value, 0, bucket));
  }

  private void add(int level, Element element) throws IOException {
    OpenPage page = levels.get(level);
    int countMin = level == 0 ? 1 : CHILDREN_MIN;
    if (page.elements.size() >= countMin && page.bytes + element.bytes() > PageOutput.PAGE_BYTES) {
      complete(level);
    }
    page.elements.add(element);
    page.bytes += element.bytes();
  }

  private void complete(int level) throws IOException {
    OpenPage page = levels.get(level);
    Bytes first = page.elements.getFirst().key();
    long id = write(level);
    page.elements = new ArrayList<>();
    page.bytes = Page.HEADER_BYTES;
    page.wroteOne = true;
    if (level + 1 == levels.size()) {
      levels.add(new OpenPage());
    }
    add(level + 1, new Element(first, Bytes.EMPTY, id, false));
  }

  private long write(int level) throws IOException {
    OpenPage page = levels.get(level);
    return output.write(level == 0 ? Page.LEAF : Page.BRANCH, page.elements, page.bytes);
  }

  /** Writes what is still open; returns the root's number. */
  long finish() throws IOException {
    for (int level = 0; ; level++) {
      OpenPage page = levels.get(level);
      if (!page.wroteOne) {
        return write(level);
      }
      complete(level);
    }
  }
}
