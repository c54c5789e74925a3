// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts the body of a gRPC request into messages: a byte that says whether it is compressed, four
 * bytes of length, the message. Holds no more than one unfinished message. Used by one thread.
 */
final class GrpcFrames {
  private static final int HEAD_BYTES = 5;

  private final long messageBytesMax;
  private final String encoding;
  private final BodyBudget budget;
  private byte[] rest = new byte[0];
  private int length;
  private boolean released;

  /**
   * @param messageBytesMax the longest message to take
   * @param encoding how compressed messages are compressed, as the client says; may be empty
   * @param budget what unfinished messages of all calls may take
   */
  GrpcFrames(long messageBytesMax, String encoding, BodyBudget budget) {
    this.budget = budget;
    this.messageBytesMax = messageBytesMax;
    this.encoding = encoding;
  }

  /** A body that can not be read any further. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient RpcFault fault;

    Unreadable(RpcCode code, String text) {
      super(text, null, false, false);
      this.fault = new RpcFault(code, text);
    }

    RpcFault fault() {
      return fault;
    }
  }

  /** Takes the next piece of the body and hands over the messages that are whole with it. */
  void add(Buffer piece, Consumer<Bytes> each) throws Unreadable {
    int at = 0;
    if (length == 0) {
      at = whole(piece, each);
    }
    if (at == piece.length() || released) {
      return;
    }
    keep(piece, at);
    int done = 0;
    while (length - done >= HEAD_BYTES) {
      long size = check(rest[done], int32(rest, done + 1));
      if (length - done - HEAD_BYTES < size) {
        break;
      }
      int from = done + HEAD_BYTES;
      done = from + (int) size;
      each.accept(Bytes.wrap(Arrays.copyOfRange(rest, from, done)));
    }
    // Whoever took the last message may have let go of everything.
    if (length > 0) {
      forget(done);
    }
  }

  /** Lets go of an unfinished message; nothing more will be added. */
  void release() {
    released = true;
    budget.giveBack(length);
    rest = new byte[0];
    length = 0;
  }

  /** Most bodies come in one piece: its messages are taken without keeping anything. */
  private int whole(Buffer piece, Consumer<Bytes> each) throws Unreadable {
    int at = 0;
    while (piece.length() - at >= HEAD_BYTES) {
      long size = check(piece.getByte(at), piece.getInt(at + 1));
      if (piece.length() - at - HEAD_BYTES < size) {
        break;
      }
      int from = at + HEAD_BYTES;
      at = from + (int) size;
      each.accept(Bytes.wrap(piece.getBytes(from, at)));
    }
    return at;
  }

  /** To be called when the body is over. */
  void end() throws Unreadable {
    if (length > 0) {
      throw new Unreadable(RpcCode.INTERNAL, "unexpected EOF");
    }
  }

  private long check(byte compressed, int size) throws Unreadable {
    long bytes = Integer.toUnsignedLong(size);
    if (compressed != 0) {
      throw encoding.isEmpty() || encoding.equals("identity")
          ? new Unreadable(
              RpcCode.INTERNAL, "grpc: compressed flag set with identity or empty encoding")
          : new Unreadable(
              RpcCode.UNIMPLEMENTED,
              "grpc: Decompressor is not installed for grpc-encoding " + GoQuote.quote(encoding));
    }
    if (bytes > messageBytesMax) {
      throw new Unreadable(
          RpcCode.RESOURCE_EXHAUSTED,
          "grpc: received message larger than max (" + bytes + " vs. " + messageBytesMax + ")");
    }
    return bytes;
  }

  private void keep(Buffer piece, int from) throws Unreadable {
    int count = piece.length() - from;
    if (!budget.take(count)) {
      throw new Unreadable(RpcCode.RESOURCE_EXHAUSTED, "etcdserver: too many requests");
    }
    makeRoom(length + count);
    piece.getBytes(from, piece.length(), rest, length);
    length += count;
  }

  /** By what has come, not by what is announced: a client may announce much and send nothing. */
  private void makeRoom(int wanted) {
    if (wanted > rest.length) {
      rest = Arrays.copyOf(rest, Math.max(wanted, (int) Math.min(2L * rest.length, 1 << 30)));
    }
  }

  private void forget(int done) {
    budget.giveBack(done);
    if (done == length) {
      rest = new byte[0];
      length = 0;
    } else if (done > 0) {
      System.arraycopy(rest, done, rest, 0, length - done);
      length -= done;
    }
  }

  private static int int32(byte[] array, int at) {
    return (array[at] & 0xff) << 24
        | (array[at + 1] & 0xff) << 16
        | (array[at + 2] & 0xff) << 8
        | (array[at + 3] & 0xff);
  }

  /** One message with its head. */
  static Buffer frame(Bytes message) {
    return Buffer.buffer(HEAD_BYTES + message.length())
        .appendByte((byte) 0)
        .appendInt(message.length())
        .appendBytes(message.toArray());
  }
}
