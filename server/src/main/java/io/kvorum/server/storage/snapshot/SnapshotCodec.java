// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.RaftWire;
import java.util.zip.CRC32C;

/** The content of a snapshot file: a raft snapshot wrapped with its CRC-32C (etcd's snappb). */
final class SnapshotCodec {

  private SnapshotCodec() {}

  static Bytes encode(RaftWire.Snapshot snapshot) {
    Bytes data = RaftWire.encode(snapshot);
    ProtoWriter out = new ProtoWriter(data.length() + 16);
    out.uint64Always(1, crc(data));
    out.bytesAlways(2, data);
    return out.toBytes();
  }

  /** Throws {@link MalformedProto} also when the checksum is missing or wrong. */
  static RaftWire.Snapshot decode(Bytes source) {
    ProtoReader in = new ProtoReader("snappb.Snapshot", source);
    long crc = 0;
    Bytes data = Bytes.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> crc = Integer.toUnsignedLong(in.int32());
        case 2 -> data = in.bytes();
        default -> in.skip();
      }
    }
    if (data.isEmpty() || crc == 0) {
      throw in.malformed("it is empty");
    }
    if (crc != crc(data)) {
      throw in.malformed("checksum %08x, stored %08x".formatted(crc(data), crc));
    }
    return RaftWire.decodeSnapshot(data);
  }

  private static long crc(Bytes data) {
    CRC32C crc = new CRC32C();
    crc.update(data.asByteBuffer());
    return crc.getValue();
  }
}
