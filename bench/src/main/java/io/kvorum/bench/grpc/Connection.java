// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One HTTP/2 connection without TLS (RFC 9113, prior knowledge), no more of it than a closed loop
 * of small gRPC requests needs. Owned by its loop's thread.
 *
 * <p>Header blocks of answers are not decoded: a gRPC answer that failed is one without a message.
 * What may be sent is not tracked either: at most {@link #UNANSWERED_MAX} are under way, which is
 * less than any server's first window, and what is answered has been taken.
 */
public final class Connection {

  public static final int UNANSWERED_MAX = 32 << 10;

  private static final int FRAME_HEAD_BYTES = 9;
  private static final int FRAME_BYTES_MAX = 16 << 10;
  private static final int INPUT_BYTES = 256 << 10;
  private static final int WINDOW_BYTES = 1 << 30;
  private static final int GIVE_BACK_BYTES = 1 << 20;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private record Call(Exchange exchange, AnswerReader reader) {}

  private final SocketChannel channel;
  private final SelectionKey key;
  private final RequestHeads heads;
  private final Map<Integer, Call> calls = new HashMap<>();
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
  private ByteBuffer output = ByteBuffer.allocateDirect(64 << 10);
  private int nextStream = 1;
  private int received;
  private boolean lost;
  private boolean waitsForRoom;

  private Connection(SocketChannel channel, SelectionKey key, String authority) {
    this.channel = channel;
    this.key = key;
    heads = new RequestHeads(authority);
  }

  /** Connects, which blocks, and then belongs to {@code selector}'s thread. */
  static Connection open(InetSocketAddress address, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    Connection connection =
        new Connection(channel, key, address.getHostString() + ":" + address.getPort());
    key.attach(connection);
    connection.greet();
    return connection;
  }

  private void greet() {
    room(PREFACE.length).put(PREFACE);
    frame(6, SETTINGS, 0, 0).putShort((short) INITIAL_WINDOW_SIZE).putInt(WINDOW_BYTES);
    frame(4, WINDOW_UPDATE, 0, 0).putInt(WINDOW_BYTES);
  }

  /**
   * Begins a call; more messages may follow unless {@code last}. Leaves at the loop's next turn.
   */
  public int call(String path, byte[] message, boolean last, Exchange exchange) {
    int stream = nextStream;
    nextStream += 2;
    byte[] head = heads.of(path);
    frame(head.length, HEADERS, END_HEADERS, stream).put(head);
    calls.put(stream, new Call(exchange, new AnswerReader(exchange)));
    message(stream, message, last);
    return stream;
  }

  /** Sends another message of a call. */
  public void message(int stream, byte[] message, boolean last) {
    if (message.length > FRAME_BYTES_MAX - 5) {
      throw new IllegalArgumentException("message of " + message.length + " bytes: too long");
    }
    frame(message.length + 5, DATA, last ? END_STREAM : 0, stream)
        .put((byte) 0)
        .putInt(message.length)
        .put(message);
  }

  private ByteBuffer frame(int length, int type, int flags, int stream) {
    return room(FRAME_HEAD_BYTES + length)
        .put((byte) (length >> 16))
        .putShort((short) length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream);
  }

  private ByteBuffer room(int bytes) {
    if (output.remaining() < bytes) {
      ByteBuffer larger = ByteBuffer.allocateDirect(2 * (output.position() + bytes));
      output = larger.put(output.flip());
    }
    return output;
  }

  boolean isLost() {
    return lost;
  }

  /** Sends what gathered. */
  void flush() {
    if (lost || output.position() == 0) {
      return;
    }
    try {
      channel.write(output.flip());
      output.compact();
      wantToWrite(output.position() > 0);
    } catch (IOException broken) {
      lose();
    }
  }

  private void wantToWrite(boolean wants) {
    if (wants != waitsForRoom) {
      waitsForRoom = wants;
      key.interestOps(wants ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
  }

  /** Takes what has come. */
  void read() {
    try {
      int count = channel.read(input);
      input.flip();
      while (!lost && takeFrame()) {}
      input.compact();
      if (count < 0) {
        lose();
      }
    } catch (IOException broken) {
      lose();
    }
  }

  private boolean takeFrame() throws IOException {
    if (input.remaining() < FRAME_HEAD_BYTES) {
      return false;
    }
    int at = input.position();
    int length = input.getInt(at) >>> 8;
    if (length > FRAME_BYTES_MAX) {
      throw new IOException("a frame of " + length + " bytes was not allowed");
    }
    if (input.remaining() < FRAME_HEAD_BYTES + length) {
      return false;
    }
    int stream = input.getInt(at + 5) & Integer.MAX_VALUE;
    ByteBuffer payload = input.slice(at + FRAME_HEAD_BYTES, length);
    input.position(at + FRAME_HEAD_BYTES + length);
    take(input.get(at + 3), input.get(at + 4), stream, payload);
    return true;
  }

  private void take(int type, int flags, int stream, ByteBuffer payload) throws IOException {
    switch (type) {
      case DATA -> data(flags, stream, payload);
      case HEADERS -> endIfSaid(flags, stream);
      case RST_STREAM -> end(stream, true);
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          frame(0, SETTINGS, ACK, 0);
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          frame(payload.remaining(), PING, ACK, 0).put(payload);
        }
      }
      case GOAWAY -> throw new IOException("the server goes away");
      default -> {}
    }
  }

  private void data(int flags, int stream, ByteBuffer payload) {
    received += payload.remaining();
    if (received >= GIVE_BACK_BYTES) {
      frame(4, WINDOW_UPDATE, 0, 0).putInt(received);
      received = 0;
    }
    if ((flags & PADDED) != 0) {
      int padding = payload.get() & 0xff;
      payload.limit(payload.limit() - padding);
    }
    Call call = calls.get(stream);
    if (call != null) {
      call.reader.add(payload);
    }
    endIfSaid(flags, stream);
  }

  private void endIfSaid(int flags, int stream) {
    if ((flags & END_STREAM) != 0) {
      end(stream, false);
    }
  }

  private void end(int stream, boolean broken) {
    Call call = calls.remove(stream);
    if (call != null) {
      call.exchange.ended(broken);
    }
  }

  private void lose() {
    if (!lost) {
      lost = true;
      close();
      List.copyOf(calls.keySet()).forEach(stream -> end(stream, true));
    }
  }

  void close() {
    key.cancel();
    try {
      channel.close();
    } catch (IOException alreadyBroken) {
      lost = true;
    }
  }
}
