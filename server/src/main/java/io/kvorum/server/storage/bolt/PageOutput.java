// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers pages in the order they come, and writes them when there is somewhere to write to. */
final class PageOutput {

  static final int PAGE_BYTES = 4096;

  private static final int BUFFER_BYTES = 64 << 10;

  private final @Nullable ByteSink sink;
  private final ByteBuffer buffer;
  private long next = 2;

  private PageOutput(@Nullable ByteSink sink) {
    this.sink = sink;
    buffer = ByteBuffer.allocate(sink == null ? 0 : BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Only numbers. */
  static PageOutput counting() {
    return new PageOutput(null);
  }

  static PageOutput to(ByteSink sink) {
    return new PageOutput(sink);
  }

  /** How many pages there are, the two meta pages included. */
  long pages() {
    return next;
  }

  /**
   * Both meta pages, the first two of the file; as after one transaction, so that the next one
   * replaces the older.
   */
  void writeMeta(MetaPage meta) throws IOException {
    for (int id = 0; id < 2; id++) {
      new MetaPage(meta.pageBytes(), meta.root(), meta.pages(), id).write(id, buffer);
    }
  }

  /**
   * Writes one page with all it runs over into.
   *
   * @param bytes of header, elements, keys and values
   * @return its number
   */
  long write(int kind, List<TreePacker.Element> elements, long bytes) throws IOException {
    long id = next;
    long pages = (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    next += pages;
    if (sink != null) {
      require(Page.HEADER_BYTES);
      Page.writeHeader(buffer, id, kind, elements.size(), Math.toIntExact(pages - 1));
      writeElements(kind, elements);
      for (TreePacker.Element element : elements) {
        write(element.key());
        write(element.value());
      }
      writeZeros(pages * PAGE_BYTES - bytes);
    }
    return id;
  }

  private void writeElements(int kind, List<TreePacker.Element> elements) throws IOException {
    long position = (long) elements.size() * Page.ELEMENT_BYTES;
    for (TreePacker.Element element : elements) {
      require(Page.ELEMENT_BYTES);
      int at = Math.toIntExact(position);
      if (kind == Page.LEAF) {
        buffer.putInt(element.bucket() ? Page.BUCKET : 0).putInt(at);
        buffer.putInt(element.key().length()).putInt(element.value().length());
      } else {
        buffer.putInt(at).putInt(element.key().length()).putLong(element.child());
      }
      position += element.key().length() + element.value().length() - Page.ELEMENT_BYTES;
    }
  }

  private void write(Bytes bytes) throws IOException {
    for (int from = 0; from < bytes.length(); ) {
      require(1);
      int to = Math.min(bytes.length(), from + buffer.remaining());
      bytes.slice(from, to).putInto(buffer);
      from = to;
    }
  }

  private void writeZeros(long count) throws IOException {
    for (long left = count; left > 0; left--) {
      require(1);
      buffer.put((byte) 0);
    }
  }

  private void require(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  void flush() throws IOException {
    if (sink != null && buffer.position() > 0) {
      sink.write(buffer.flip());
      buffer.clear();
    }
  }
}
