// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What one of the first two pages says: where the tree of buckets begins. Of the two the one with
 * the higher transaction counts; the other is what a crash falls back to.
 *
 * @param pageBytes the size of every page of the file
 * @param root the page where the bucket of buckets begins
 * @param pages how many pages the file uses
 */
record MetaPage(int pageBytes, long root, long pages, long transaction) {

  /** With the page's header. */
  static final int BYTES = Page.HEADER_BYTES + 64;

  private static final int MAGIC = 0xED0CDAED;
  private static final int VERSION = 2;
  private static final int CHECKED_BYTES = 56;
  private static final long NO_FREELIST = -1;
  private static final int PAGE_BYTES_MIN = 1 << 9;
  private static final int PAGE_BYTES_MAX = 1 << 16;

  /** Fills a page: {@code id} is 0 or 1. Free pages are not listed; readers find them. */
  void write(long id, ByteBuffer target) {
    int begin = target.position();
    Page.writeHeader(target, id, Page.META, 0, 0);
    int checkedFrom = target.position();
    target.putInt(MAGIC).putInt(VERSION).putInt(pageBytes).putInt(0);
    target.putLong(root).putLong(0);
    target.putLong(NO_FREELIST).putLong(pages).putLong(transaction);
    target.putLong(checksum(target, checkedFrom));
    while (target.position() < begin + pageBytes) {
      target.put((byte) 0);
    }
  }

  /** Empty when these are not the bytes of an intact meta page. */
  static Optional<MetaPage> read(ByteBuffer source) {
    source.order(ByteOrder.LITTLE_ENDIAN);
    if (source.remaining() < BYTES) {
      return Optional.empty();
    }
    int at = source.position() + Page.HEADER_BYTES;
    MetaPage meta =
        new MetaPage(
            source.getInt(at + 8),
            source.getLong(at + 16),
            source.getLong(at + 40),
            source.getLong(at + 48));
    boolean intact =
        source.getInt(at) == MAGIC
            && source.getInt(at + 4) == VERSION
            && source.getLong(at + CHECKED_BYTES) == checksum(source, at)
            && meta.isSane();
    return intact ? Optional.of(meta) : Optional.empty();
  }

  private boolean isSane() {
    return pageBytes >= PAGE_BYTES_MIN
        && pageBytes <= PAGE_BYTES_MAX
        && Integer.bitCount(pageBytes) == 1
        && pages > 2
        && root >= 2
        && root < pages;
  }

  /** FNV-1a, 64 bits. */
  private static long checksum(ByteBuffer source, int from) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i < from + CHECKED_BYTES; i++) {
      hash = (hash ^ (source.get(i) & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
