// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.base.Bytes;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.DiskFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;

/** Database files in memory, and all they hold. */
final class DatabaseOnDisk {

  private static final Path PATH = Path.of("/db");

  private DatabaseOnDisk() {}

  /** A file that genuine etcd 3.4.23 wrote. */
  static byte[] recorded(String name) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(DatabaseOnDisk.class.getResourceAsStream(name), name);
        InputStream plain = new GZIPInputStream(in)) {
      return plain.readAllBytes();
    }
  }

  static DatabaseFile open(byte[] content) throws IOException {
    CrashDisk disk = new CrashDisk();
    try (DiskFile file = disk.create(PATH)) {
      file.write(ByteBuffer.wrap(content), 0);
    }
    return DatabaseFile.open(disk, PATH);
  }

  static byte[] bytes(DatabaseLayout layout) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    layout.writeTo(
        piece -> {
          while (piece.hasRemaining()) {
            out.write(piece.get());
          }
        });
    return out.toByteArray();
  }

  static Map<String, Map<Bytes, Bytes>> contents(byte[] content) throws IOException {
    Map<String, Map<Bytes, Bytes>> buckets = new TreeMap<>();
    try (DatabaseFile file = open(content);
        BucketCursor names = file.root().records()) {
      while (names.next()) {
        Map<Bytes, Bytes> records = new TreeMap<>();
        try (BucketCursor cursor = names.bucket().records()) {
          while (cursor.next()) {
            records.put(cursor.key(), cursor.value());
          }
        }
        buckets.put(names.key().utf8(), records);
      }
    }
    return buckets;
  }

  /** What etcdctl's {@code snapshot status} prints. */
  static long hash(Map<String, Map<Bytes, Bytes>> buckets) {
    CRC32C crc = new CRC32C();
    buckets.forEach(
        (name, records) -> {
          crc.update(Bytes.utf8(name).asByteBuffer());
          records.forEach(
              (key, value) -> {
                crc.update(key.asByteBuffer());
                crc.update(value.asByteBuffer());
              });
        });
    return crc.getValue();
  }
}
