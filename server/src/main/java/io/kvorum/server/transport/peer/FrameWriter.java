// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.Entry;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftWire;
import java.nio.ByteBuffer;

/**
 * Writes the frames of one outgoing stream. Numbers between messages are big-endian, unlike in the
 * log.
 */
abstract sealed class FrameWriter {

  abstract void write(ProtoWriter out, Message message);

  abstract void heartbeat(ProtoWriter out);

  static void number(ProtoWriter out, long value) {
    out.put(ByteBuffer.allocate(Long.BYTES).putLong(value).array(), 0, Long.BYTES);
  }

  static void message(ProtoWriter out, Message message) {
    number(out, RaftWire.size(message));
    RaftWire.write(out, message);
  }

  /** The "message" stream: a length, a message. */
  static final class Messages extends FrameWriter {

    @Override
    void write(ProtoWriter out, Message message) {
      message(out, message);
    }

    @Override
    void heartbeat(ProtoWriter out) {
      message(out, RaftWire.LINK_HEARTBEAT);
    }
  }

  /**
   * The "msgapp" stream: appends that continue the one before leave out what the reader knows. The
   * knowledge belongs to the connection and starts at nothing.
   */
  static final class Appends extends FrameWriter {

    static final byte HEARTBEAT = 0;
    static final byte CONTINUATION = 1;
    static final byte WHOLE = 2;

    private long term;
    private long index;

    @Override
    void write(ProtoWriter out, Message message) {
      Message.Append append = (Message.Append) message;
      boolean continues =
          append.previous().index() == index
              && append.previous().term() == term
              && append.term() == term;
      if (continues) {
        continuation(out, append);
        index += append.entries().size();
      } else {
        kind(out, WHOLE);
        message(out, append);
        term = append.term();
        index = append.previous().index() + append.entries().size();
      }
    }

    private static void continuation(ProtoWriter out, Message.Append append) {
      kind(out, CONTINUATION);
      number(out, append.entries().size());
      for (Entry entry : append.entries()) {
        number(out, RaftWire.size(entry));
        RaftWire.write(out, entry);
      }
      number(out, append.commit());
    }

    @Override
    void heartbeat(ProtoWriter out) {
      kind(out, HEARTBEAT);
    }

    private static void kind(ProtoWriter out, byte kind) {
      out.put(new byte[] {kind}, 0, 1);
    }
  }
}
