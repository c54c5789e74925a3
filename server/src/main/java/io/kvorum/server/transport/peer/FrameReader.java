// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.raft.Entry;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftWire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cuts the bytes of one incoming stream into messages, however they were cut by the network. A
 * frame that is not whole yet is read again from its start when more has come.
 *
 * <p>Link heartbeats are swallowed. A frame beyond {@link #FRAME_BYTES_MAX} or one that makes no
 * sense throws {@link MalformedProto}: the connection is then useless.
 */
abstract sealed class FrameReader {

  /** etcd writes 1 MiB per append; a single entry may be larger, but not this large. */
  static final int FRAME_BYTES_MAX = 64 << 20;

  private static final int FIRST_BYTES = 8 << 10;
  private static final int KEPT_BYTES = 1 << 20;

  private byte[] buffer = new byte[FIRST_BYTES];
  private int position;
  private int limit;

  /** Takes what arrived and hands on every message that is whole now. */
  final void feed(byte[] arrived, Consumer<Message> sink) {
    append(arrived);
    int start = position;
    while (position < limit && frame(sink)) {
      start = position;
    }
    position = start;
    compact();
  }

  /** Reads one frame; false when it is not whole yet. */
  abstract boolean frame(Consumer<Message> sink);

  final boolean has(int bytes) {
    return limit - position >= bytes;
  }

  final int octet() {
    return buffer[position++] & 0xff;
  }

  final long number() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | octet();
    }
    return value;
  }

  /** A length that leaves room for its bytes in memory. */
  final int length(String what) {
    long length = number();
    if (length < 0 || length > FRAME_BYTES_MAX) {
      throw nonsense(
          what,
          "length " + Long.toUnsignedString(length) + ", expected at most " + FRAME_BYTES_MAX);
    }
    return (int) length;
  }

  final MalformedProto nonsense(String what, String problem) {
    return new MalformedProto(what, 0, position, problem);
  }

  /** The next bytes in an array of their own. */
  final Bytes take(int length) {
    Bytes taken = Bytes.wrap(Arrays.copyOfRange(buffer, position, position + length));
    position += length;
    return taken;
  }

  final int position() {
    return position;
  }

  final void skip(int bytes) {
    position += bytes;
  }

  private void append(byte[] arrived) {
    if (buffer.length - limit < arrived.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, limit + arrived.length));
    }
    System.arraycopy(arrived, 0, buffer, limit, arrived.length);
    limit += arrived.length;
  }

  /** Makes room; the room that a large frame took is given back once it is gone. */
  private void compact() {
    byte[] room = limit == position && buffer.length > KEPT_BYTES ? new byte[FIRST_BYTES] : buffer;
    System.arraycopy(buffer, position, room, 0, limit - position);
    buffer = room;
    limit -= position;
    position = 0;
  }

  static Optional<Message> decode(Bytes frame) {
    return RaftWire.decodeMessage(frame)
        .filter(decoded -> !decoded.isLinkHeartbeat())
        .map(RaftWire.Decoded::message);
  }

  /** Reads what {@link FrameWriter.Messages} writes. */
  static final class Messages extends FrameReader {

    @Override
    boolean frame(Consumer<Message> sink) {
      if (!has(Long.BYTES)) {
        return false;
      }
      int length = length("message stream");
      if (!has(length)) {
        return false;
      }
      decode(take(length)).ifPresent(sink);
      return true;
    }
  }

  /** Reads what {@link FrameWriter.Appends} writes. */
  static final class Appends extends FrameReader {

    private final long to;
    private final long from;
    private long term;
    private long index;

    /** A reader at {@code to} of what {@code from} writes. */
    Appends(long to, long from) {
      this.to = to;
      this.from = from;
    }

    @Override
    boolean frame(Consumer<Message> sink) {
      int kind = octet();
      return switch (kind) {
        case FrameWriter.Appends.HEARTBEAT -> true;
        case FrameWriter.Appends.CONTINUATION -> continuation(sink);
        case FrameWriter.Appends.WHOLE -> whole(sink);
        default -> throw nonsense("msgapp stream", "frame kind " + kind);
      };
    }

    private boolean whole(Consumer<Message> sink) {
      if (!has(Long.BYTES)) {
        return false;
      }
      int length = length("msgapp stream");
      if (!has(length)) {
        return false;
      }
      Optional<Message> message = decode(take(length));
      if (message.isPresent()) {
        if (!(message.get() instanceof Message.Append append)) {
          throw nonsense("msgapp stream", "expected an append");
        }
        term = append.term();
        index = append.previous().index() + append.entries().size();
        sink.accept(append);
      }
      return true;
    }

    private boolean continuation(Consumer<Message> sink) {
      if (!has(Long.BYTES)) {
        return false;
      }
      int count = length("msgapp stream, entries");
      int start = position();
      for (int i = 0; i < count; i++) {
        if (position() - start > FRAME_BYTES_MAX) {
          throw nonsense("msgapp stream", count + " entries, more than fit into one frame");
        }
        if (!has(Long.BYTES)) {
          return false;
        }
        int length = length("msgapp stream, entry");
        if (!has(length)) {
          return false;
        }
        skip(length);
      }
      if (!has(Long.BYTES)) {
        return false;
      }
      int end = position();
      skip(start - end);
      List<Entry> entries = entries(take(end - start));
      long commit = number();
      sink.accept(
          new Message.Append(to, from, term, new LogPosition(term, index), entries, commit));
      index += entries.size();
      return true;
    }

    /** The entries of a frame that is known to be whole; they share its array. */
    private static List<Entry> entries(Bytes frame) {
      List<Entry> entries = new ArrayList<>();
      int at = 0;
      while (at < frame.length()) {
        int length = (int) frame.slice(at, at + Long.BYTES).asByteBuffer().getLong();
        at += Long.BYTES;
        entries.add(RaftWire.decodeEntry(frame.slice(at, at + length)));
        at += length;
      }
      return entries;
    }
  }
}
