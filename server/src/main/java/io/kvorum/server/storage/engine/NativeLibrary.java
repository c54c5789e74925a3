// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads the native half of the storage library from a fixed place.
 *
 * <p>Left alone, the library unpacks 17 MB into the temp folder at every start and forgets them
 * there after a kill. Here the file is unpacked once per version, under its final name only when
 * complete, so that members sharing a folder can not load half a file of each other's.
 */
final class NativeLibrary {

  /** The storage library's own way to name a folder for unpacking. */
  private static final String FOLDER_VARIABLE = "ROCKSDB_SHAREDLIB_DIR";

  /** The name under which the distribution carries the library unpacked. */
  private static final String SHARED_FILE =
      System.mapLibraryName(Environment.getSharedLibraryName("rocksdb"));

  private static final String PACKED_FILE = Environment.getJniLibraryFileName("rocksdb");

  /** The name RocksDB.loadLibrary(List) looks for; not a slip of ours: it says "jni" twice. */
  private static final String FILE = Environment.getJniLibraryFileName("rocksdbjni");

  private NativeLibrary() {}

  /**
   * Loads the library once per process: from the JVM's library path when it is there, else from
   * what is unpacked into the folder that the variable names, or into {@code fallback}.
   */
  static synchronized void load(Path fallback) {
    if (isOnLibraryPath()) {
      RocksDB.loadLibrary();
      return;
    }
    Path folder =
        Optional.ofNullable(System.getenv(FOLDER_VARIABLE))
            .map(Path::of)
            .orElse(fallback)
            .toAbsolutePath();
    try {
      RocksDB.loadLibrary(List.of(unpack(folder).toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("can not unpack the storage library into " + folder, e);
    }
  }

  private static boolean isOnLibraryPath() {
    return Arrays.stream(System.getProperty("java.library.path", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.exists(Path.of(folder, SHARED_FILE)));
  }

  /** Unpacks into a folder named after the packed file's size and date: one per version. */
  private static Path unpack(Path parent) throws IOException {
    URL packed = RocksDB.class.getClassLoader().getResource(PACKED_FILE);
    if (packed == null) {
      throw new IOException(
          "the storage library has no native part for this machine: " + PACKED_FILE);
    }
    URLConnection source = packed.openConnection();
    source.setUseCaches(false);
    try (InputStream content = source.getInputStream()) {
      Path folder =
          parent.resolve(
              "rocksdb-%d-%x".formatted(source.getContentLengthLong(), source.getLastModified()));
      Path target = folder.resolve(FILE);
      if (!Files.exists(target)) {
        Files.createDirectories(folder);
        Path unfinished = Files.createTempFile(folder, FILE, ".unfinished");
        try {
          Files.copy(content, unfinished, StandardCopyOption.REPLACE_EXISTING);
          Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(unfinished);
        }
      }
      return folder;
    }
  }
}
