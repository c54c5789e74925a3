// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.base.Bytes;
import io.kvorum.server.storage.engine.Cursor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;

/**
 * A database file that is not written yet: where everything will be, and how long it is.
 *
 * <p>The meta pages come first and name the root, which comes last. So the records are walked
 * twice: once to count pages, once to write them. Neither walk keeps more than a page per level,
 * and no byte is written before it is final, so the file can go straight into a network connection.
 *
 * <pre>
 *   meta meta | leaf leaf .. branch .. root of bucket 1 | .. | root of bucket n | leaf of all buckets
 * </pre>
 */
public final class DatabaseLayout {

  private final List<BucketRecords> buckets;
  private final MetaPage meta;

  private DatabaseLayout(List<BucketRecords> buckets, MetaPage meta) {
    this.buckets = buckets;
    this.meta = meta;
  }

  /** Walks all records once. */
  public static DatabaseLayout of(List<BucketRecords> buckets) {
    List<BucketRecords> sorted =
        buckets.stream().sorted(Comparator.comparing(bucket -> Bytes.utf8(bucket.name()))).toList();
    try {
      return new DatabaseLayout(sorted, pack(sorted, PageOutput.counting()));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** The length of the file. */
  public long bytes() {
    return meta.pages() * meta.pageBytes();
  }

  /** Walks all records a second time and writes the file, in pieces of at most 64 KiB. */
  public void writeTo(ByteSink sink) throws IOException {
    PageOutput output = PageOutput.to(sink);
    output.writeMeta(meta);
    MetaPage written = pack(buckets, output);
    if (!written.equals(meta)) {
      throw new IllegalStateException("database: laid out as " + meta + ", written as " + written);
    }
    output.flush();
  }

  private static MetaPage pack(List<BucketRecords> buckets, PageOutput output) throws IOException {
    TreePacker names = new TreePacker(output);
    for (BucketRecords bucket : buckets) {
      ByteBuffer head = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      head.putLong(pack(bucket, output));
      names.add(Bytes.utf8(bucket.name()), Bytes.wrap(head.array()), true);
    }
    long root = names.finish();
    return new MetaPage(PageOutput.PAGE_BYTES, root, output.pages(), 1);
  }

  private static long pack(BucketRecords bucket, PageOutput output) throws IOException {
    TreePacker tree = new TreePacker(output);
    try (Cursor cursor = bucket.records().get()) {
      while (cursor.next()) {
        tree.add(cursor.key(), cursor.value(), false);
      }
    }
    return tree.finish();
  }
}
