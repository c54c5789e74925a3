// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoReader;
import io.kvorum.env.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads the records of one segment in order, checks the chain, and tells an end, a torn write and
 * damage apart.
 *
 * <p>In the last segment a crash may leave sectors of unsynced records unwritten: zeros, because
 * everything behind the end is kept zero. So a record that does not check and has a sector of zeros
 * is {@linkplain Verdict#TORN torn}, as is one cut by the end of the file. Everything else is
 * damage: a record that does not check but has no such sector, and also a record that checks by its
 * own content while the word before it says otherwise. That last test is ours: without it, one
 * flipped bit in a word can look like the end of the log. What no test can tell from a torn write
 * is damage to a record that itself contains a sector of zeros, and a word at the very end of a
 * sector that turned zero.
 */
final class FrameReader {

  /** How a segment ended. */
  enum Verdict {
    /** A record was read. */
    RECORD,
    /** The clean end of what was written. */
    END,
    /** A write that a crash cut short begins at {@link #offset()}. */
    TORN
  }

  private static final int SECTOR = 512;
  private static final int SCAN_WINDOW_BYTES = 1 << 20;

  /** Beyond any request etcd takes; a longer record is a damaged word. */
  private static final long RECORD_BYTES_MAX = 512 << 20;

  private final DiskFile file;
  private final Path path;
  private final boolean last;
  private final RunningCrc crc;
  private final long size;
  private final int windowBytes;
  private final boolean windowReused;
  private boolean crcKnown = true;
  private byte[] window = new byte[0];
  private long windowStart;
  private int windowLength;
  private long offset;
  private long next;
  private boolean padded;
  private int type;
  private Bytes data = Bytes.EMPTY;

  /**
   * Reads a segment from its head.
   *
   * @param last whether the segment is the log's last, the only one that may end torn
   * @param crc the chain up to here; 0 adopts the segment's own start
   */
  FrameReader(DiskFile file, Path path, boolean last, RunningCrc crc) throws IOException {
    this.file = file;
    this.path = path;
    this.last = last;
    this.crc = crc;
    this.size = file.size();
    this.windowBytes = SCAN_WINDOW_BYTES;
    this.windowReused = true;
  }

  /**
   * Reads whole records from the middle of a segment, about {@code bytes} of them. The first one is
   * not checked, it only starts the chain. What {@link #data} returns stays valid.
   */
  FrameReader(DiskFile file, Path path, long start, int bytes) throws IOException {
    this.file = file;
    this.path = path;
    this.last = false;
    this.crc = new RunningCrc(0);
    this.crcKnown = false;
    this.size = file.size();
    this.windowBytes = bytes;
    this.windowReused = false;
    this.next = start;
  }

  /** Where the record last read begins; after END and TORN, where the next one belongs. */
  long offset() {
    return offset;
  }

  int type() {
    return type;
  }

  /** The record's content; valid until the next read. */
  Bytes data() {
    return data;
  }

  Verdict read() throws IOException {
    offset = next;
    long left = size - offset;
    if (left < 8) {
      return allZero(offset, size) ? Verdict.END : torn("the file ends inside a length");
    }
    int at = window(offset, 8);
    long word = 0;
    for (int i = 7; i >= 0; i--) {
      word = word << 8 | (window[at + i] & 0xff);
    }
    if (word == 0) {
      // A word at the end of a sector may be missing while the record behind it is there.
      if (offset % SECTOR != SECTOR - 8 && intactRecordAt(offset + 8)) {
        throw damaged("a whole record follows a length of zero");
      }
      return Verdict.END;
    }
    return frame(word);
  }

  private Verdict frame(long word) throws IOException {
    long length = word & 0xff_ffff_ffff_ffffL;
    int top = (int) (word >>> 56);
    int padding = (int) (-length & 7);
    boolean plain = top == 0;
    if (length > RECORD_BYTES_MAX
        || (!plain && top != (0x80 | padding))
        || (!plain && padding == 0)
        || (plain && padding != 0 && padded)) {
      throw damaged("the length %016x makes no sense".formatted(word));
    }
    padded |= !plain;
    long end = offset + 8 + length + (plain ? 0 : padding); // etcd 2.3 does not pad
    if (offset + 8 + length > size) {
      return torn("the file ends inside a record");
    }
    int at = window(offset + 8, (int) length);
    if (!decode(Bytes.wrap(window, at, (int) length))) {
      String problem = "the record does not match its checksum";
      if (hasZeroSector(offset + 8, offset + 8 + length)) {
        return torn(problem);
      }
      throw damaged(problem);
    }
    next = Math.min(end, size);
    return Verdict.RECORD;
  }

  /** Whether the record parses and continues the chain. */
  private boolean decode(Bytes record) {
    long number = 0;
    int stored = 0;
    Bytes content = Bytes.EMPTY;
    try {
      ProtoReader in = new ProtoReader("Record", record);
      for (int field = in.next(); field != 0; field = in.next()) {
        switch (field) {
          case 1 -> number = in.uint64();
          case 2 -> stored = in.int32();
          case 3 -> content = in.bytes();
          default -> in.skip();
        }
      }
    } catch (MalformedProto e) {
      return false;
    }
    if (number < RecordType.METADATA || number > RecordType.SNAPSHOT) {
      return false;
    }
    if (number == RecordType.CRC) {
      if (crcKnown && crc.value() != 0 && crc.value() != stored) {
        return false;
      }
      crc.restart(stored);
    } else if (!crcKnown) {
      crc.restart(stored);
    } else {
      int before = crc.value();
      crc.update(content.asByteBuffer());
      if (crc.value() != stored) {
        crc.restart(before);
        return false;
      }
    }
    crcKnown = true;
    type = (int) number;
    data = content;
    return true;
  }

  private Verdict torn(String problem) throws IOException {
    if (!last) {
      throw damaged(problem + ", though another segment follows");
    }
    if (intactRecordAt(offset + 8)) {
      throw damaged("the record is whole but its length is wrong");
    }
    return Verdict.TORN;
  }

  CorruptLog damaged(String problem) {
    return new CorruptLog(path, offset, problem);
  }

  /**
   * Whether the bytes from {@code from} on are, by their own account, a record that continues the
   * chain.
   */
  private boolean intactRecordAt(long from) throws IOException {
    int room = (int) Math.min(size - from, 32);
    if (room < 6) {
      return false;
    }
    int at = window(from, room);
    int here = at;
    if (window[here] != 0x08
        || window[here + 1] > RecordType.SNAPSHOT
        || window[here + 2] != 0x10) {
      return false;
    }
    here += 3;
    long[] number = new long[1];
    here = varint(here, at + room, number);
    int stored = (int) number[0];
    if (here < 0 || here >= at + room || window[here] != 0x1a) {
      return false;
    }
    here = varint(here + 1, at + room, number);
    long start = from + (here - at);
    if (here < 0 || number[0] < 1 || number[0] > Math.min(size - start, RECORD_BYTES_MAX)) {
      return false;
    }
    RunningCrc check = new RunningCrc(crc.value());
    check.update(window, window(start, (int) number[0]), (int) number[0]);
    return check.value() == stored;
  }

  /** Reads a number into {@code value[0]}; returns where it ends, or -1. */
  private int varint(int from, int end, long[] value) {
    long result = 0;
    for (int at = from, shift = 0; at < end && shift < 63; at++, shift += 7) {
      result |= (long) (window[at] & 0x7f) << shift;
      if (window[at] >= 0) {
        value[0] = result;
        return at + 1;
      }
    }
    return -1;
  }

  /**
   * Whether a sector that [from, to) reaches into was never written: zeros up to its own end, for
   * sectors are written whole. (etcd looks at the record's bytes only, and so takes a record that
   * ends in zeros just behind a boundary for torn, in the middle of a log.)
   */
  private boolean hasZeroSector(long from, long to) throws IOException {
    for (long at = from; at < to; ) {
      long end = Math.min(size, (at / SECTOR + 1) * SECTOR);
      if (allZero(at, end)) {
        return true;
      }
      at = end;
    }
    return false;
  }

  private boolean allZero(long from, long to) throws IOException {
    int length = (int) (to - from);
    int at = window(from, length);
    for (int i = 0; i < length; i++) {
      if (window[at + i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Makes [from, from + length) readable in {@link #window}; returns where it starts there. */
  private int window(long from, int length) throws IOException {
    if (from < windowStart || from + length > windowStart + windowLength) {
      int capacity = (int) Math.min(Math.max(length, windowBytes), size - from);
      if (window.length < capacity || !windowReused) {
        window = new byte[capacity];
      }
      ByteBuffer target = ByteBuffer.wrap(window, 0, Math.max(capacity, 0));
      while (target.hasRemaining() && file.read(target, from + target.position()) >= 0) {
        continue;
      }
      windowStart = from;
      windowLength = target.position();
      if (windowLength < length) {
        throw new IOException(path + " became shorter while it was read");
      }
    }
    return (int) (from - windowStart);
  }
}
