// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.env.Disk;
import io.kvorum.env.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A database file of etcd, opened to be read from beginning to end. Nothing is written to it and
 * one page (with what it runs over into) is in memory per level of a tree.
 *
 * <p>Pages have no checksum of their own: damage that contradicts the format (page numbers, kinds,
 * bounds, the order of keys) is {@link CorruptDatabase}, a changed value goes unseen. Not
 * thread-safe. Source of the format: files of etcd 3.4.23.
 */
public final class DatabaseFile implements AutoCloseable {

  private final DiskFile file;
  private final PageFile pages;

  private DatabaseFile(DiskFile file, PageFile pages) {
    this.file = file;
    this.pages = pages;
  }

  /** Throws {@link CorruptDatabase} when it is cut off or has no intact meta page. */
  public static DatabaseFile open(Disk disk, Path path) throws IOException {
    DiskFile file = disk.open(path);
    try {
      return new DatabaseFile(file, new PageFile(path, file));
    } catch (IOException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  /** The bucket of all buckets. */
  public Bucket root() {
    return Bucket.at(pages, pages.meta().root());
  }

  /** A bucket on the top level; empty when there is none of this name. */
  public Optional<Bucket> bucket(String name) {
    return root().bucket(name);
  }

  /** How many bytes the pages take; a backup has a digest behind them. */
  public long pageBytes() {
    return pages.meta().pages() * pages.meta().pageBytes();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
