// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.base.Bytes;
import java.nio.ByteOrder;
import java.util.Optional;

/** A tree of records in an open database file. */
public final class Bucket {

  private static final int HEAD_BYTES = 16;

  private final PageFile pages;
  private final Page root;

  private Bucket(PageFile pages, Page root) {
    this.pages = pages;
    this.root = root;
  }

  static Bucket at(PageFile pages, long root) {
    return new Bucket(pages, pages.page(root));
  }

  /** The bucket that a record's value describes: its root page's number, or a page in place. */
  static Bucket in(PageFile pages, String name, Bytes value) {
    if (value.length() < HEAD_BYTES) {
      throw new CorruptDatabase(
          "bucket %s: %d bytes, expected at least %d".formatted(name, value.length(), HEAD_BYTES));
    }
    long root = value.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong();
    return root == 0
        ? new Bucket(
            pages, new Page("bucket " + name, value.slice(HEAD_BYTES, value.length()).toArray()))
        : at(pages, root);
  }

  /** All records in the order of their keys, buckets among them. */
  public BucketCursor records() {
    return new BucketCursor(pages, root);
  }

  /** The bucket of this name inside this one. */
  public Optional<Bucket> bucket(String name) {
    Bytes wanted = Bytes.utf8(name);
    try (BucketCursor cursor = records()) {
      while (cursor.next() && cursor.key().compareTo(wanted) <= 0) {
        if (cursor.key().equals(wanted) && cursor.isBucket()) {
          return Optional.of(cursor.bucket());
        }
      }
    }
    return Optional.empty();
  }

  /** The value of {@code key}, found by walking: for buckets of a handful of records. */
  public Optional<Bytes> get(Bytes key) {
    try (BucketCursor cursor = records()) {
      while (cursor.next() && cursor.key().compareTo(key) <= 0) {
        if (cursor.key().equals(key) && !cursor.isBucket()) {
          return Optional.of(cursor.value());
        }
      }
    }
    return Optional.empty();
  }
}
