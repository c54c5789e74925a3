// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.env.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The pages of an open file by their numbers, each checked for what its header says. */
final class PageFile {

  /** Where a second meta page can be: bbolt takes the page size of the machine. */
  private static final int PAGE_BYTES_MAX = 1 << 16;

  private final Path path;
  private final DiskFile file;
  private final MetaPage meta;

  PageFile(Path path, DiskFile file) throws IOException {
    this.path = path;
    this.file = file;
    meta = newestMeta();
    if (Long.compareUnsigned(meta.pages(), file.size() / meta.pageBytes()) > 0) {
      throw new CorruptDatabase(
          "%s: %d bytes, but %d pages of %d are in use: it is cut off"
              .formatted(path, file.size(), meta.pages(), meta.pageBytes()));
    }
  }

  private MetaPage newestMeta() throws IOException {
    List<MetaPage> found = new ArrayList<>();
    MetaPage.read(bytes(0, MetaPage.BYTES)).ifPresent(found::add);
    for (int size = 512; found.isEmpty() && size <= PAGE_BYTES_MAX; size *= 2) {
      secondMeta(size, found);
    }
    if (!found.isEmpty()) {
      secondMeta(found.getFirst().pageBytes(), found);
    }
    return found.stream()
        .max(Comparator.comparing(MetaPage::transaction, Long::compareUnsigned))
        .orElseThrow(
            () ->
                new CorruptDatabase(
                    path + ": no intact meta page: this is no database of etcd, or it is damaged"));
  }

  private void secondMeta(int pageBytes, List<MetaPage> found) throws IOException {
    MetaPage.read(bytes(pageBytes, MetaPage.BYTES))
        .filter(second -> second.pageBytes() == pageBytes)
        .ifPresent(found::add);
  }

  MetaPage meta() {
    return meta;
  }

  Page page(long id) {
    String name = path + ": page " + Long.toUnsignedString(id);
    if (id < 2 || id >= meta.pages()) {
      throw new CorruptDatabase(
          "%s: expected a number from 2 to %d".formatted(name, meta.pages() - 1));
    }
    try {
      ByteBuffer first = bytes(id * meta.pageBytes(), meta.pageBytes());
      first.order(ByteOrder.LITTLE_ENDIAN);
      if (first.remaining() < meta.pageBytes()) {
        throw new CorruptDatabase(name + " is cut off");
      }
      if (first.getLong(0) != id) {
        throw new CorruptDatabase(
            "%s calls itself page %s".formatted(name, Long.toUnsignedString(first.getLong(0))));
      }
      long overflow = Integer.toUnsignedLong(first.getInt(12));
      long bytes = (overflow + 1) * meta.pageBytes();
      if (overflow == 0) {
        return new Page(name, first.array());
      }
      if (overflow >= meta.pages() - id || bytes > Integer.MAX_VALUE - 8) {
        throw new CorruptDatabase(
            "%s runs over %d more pages, %d are in use".formatted(name, overflow, meta.pages()));
      }
      ByteBuffer whole = bytes(id * meta.pageBytes(), (int) bytes);
      if (whole.remaining() < bytes) {
        throw new CorruptDatabase(name + " is cut off");
      }
      return new Page(name, whole.array());
    } catch (IOException failure) {
      throw new UncheckedIOException("can not read " + name, failure);
    }
  }

  /** Fewer at the end of the file. */
  private ByteBuffer bytes(long from, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    while (target.hasRemaining() && file.read(target, from + target.position()) > 0) {
      continue;
    }
    return target.flip();
  }
}
