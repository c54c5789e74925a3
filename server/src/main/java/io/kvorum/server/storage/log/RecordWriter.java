// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.RaftWire;
import java.nio.ByteBuffer;

/**
 * Turns records into framed bytes and continues the checksum chain.
 *
 * <p>A frame is an 8-byte little-endian word, the record, and zeros up to a multiple of 8. The
 * word's low 56 bits are the record's length; when there is padding its top byte is 0x80 plus the
 * number of padding bytes. So a word never crosses a sector, and a torn write shows as zeros.
 *
 * <p>Owned by the log's writer.
 */
final class RecordWriter {

  private static final byte[] ZEROS = new byte[8];

  private final RunningCrc crc;
  private final ProtoWriter data = new ProtoWriter(1 << 12);
  private final ProtoWriter frames = new ProtoWriter(1 << 16);
  private final byte[] word = new byte[8];

  RecordWriter(int crc) {
    this.crc = new RunningCrc(crc);
  }

  void entry(Entry entry) {
    data.reset();
    RaftWire.write(data, entry);
    frame(RecordType.ENTRY);
  }

  void state(HardState state) {
    data.reset();
    RaftWire.write(data, state);
    frame(RecordType.STATE);
  }

  void record(int type, Bytes content) {
    data.reset();
    data.put(content);
    frame(type);
  }

  /** The head of a segment: the chain so far, and whose log this is. */
  void head(LogIdentity identity) {
    int value = crc.value();
    word(
        2
            + ProtoWriter.sizeOfVarint(RecordType.CRC)
            + ProtoWriter.sizeOfVarint(Integer.toUnsignedLong(value)));
    int start = frames.length();
    frames.uint64Always(1, RecordType.CRC);
    frames.uint64Always(2, Integer.toUnsignedLong(value));
    pad(frames.length() - start);
    record(RecordType.METADATA, identity.encode());
  }

  private void frame(int type) {
    crc.update(data.view());
    long value = Integer.toUnsignedLong(crc.value());
    int length =
        ProtoWriter.sizeOfUint64(1, type)
            + ProtoWriter.sizeOfUint64(2, value)
            + ProtoWriter.sizeOfMessage(3, data.length());
    word(length);
    frames.uint64Always(1, type);
    frames.uint64Always(2, value);
    frames.messageHeader(3, data.length());
    frames.put(data.view().array(), 0, data.length());
    pad(length);
  }

  private void word(int length) {
    int padding = -length & 7;
    for (int i = 0; i < 7; i++) {
      word[i] = i < 4 ? (byte) (length >>> (8 * i)) : 0;
    }
    word[7] = (byte) (padding == 0 ? 0 : 0x80 | padding);
    frames.put(word, 0, 8);
  }

  private void pad(int length) {
    frames.put(ZEROS, 0, -length & 7);
  }

  /** The framed bytes not yet dropped; valid until the next call. */
  ByteBuffer view() {
    return frames.view();
  }

  int length() {
    return frames.length();
  }

  /** Forgets the first {@code count} framed bytes. */
  void drop(int count) {
    byte[] rest = new byte[frames.length() - count];
    frames.view().get(count, rest);
    frames.reset();
    frames.put(rest, 0, rest.length);
  }
}
