// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.vertx.core.Vertx;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Authorities as etcd's own clients send them, frame by frame. */
@Timeout(60)
class AnyAuthorityTest {
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS_AND_STREAM = 5;

  @Test
  void whatAClientCallsTheServerDoesNotMatter() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      InetSocketAddress address =
          new HttpListener(vertx, 1, new LongPolls(), request -> request.response().end("here"))
              .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .getFirst();
      for (String authority :
          List.of(
              "127.0.0.1:2379",
              "http://127.0.0.1:2379",
              "#initially=[127.0.0.1:2379]",
              "#initially=[http://127.0.0.1:2379;http://127.0.0.2:2379]",
              "unix:/some/place")) {
        assertEquals(HEADERS, answerTo(authority, address), authority);
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  /** The type of the first frame that answers a request. */
  private static int answerTo(String authority, InetSocketAddress address) throws Exception {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      frame(0, SETTINGS, 0, 0, out);
      ByteBuf block = Unpooled.buffer();
      new DefaultHttp2HeadersEncoder()
          .encodeHeaders(
              1,
              new DefaultHttp2Headers().method("GET").scheme("http").path("/").authority(authority),
              block);
      frame(block.readableBytes(), HEADERS, END_HEADERS_AND_STREAM, 1, out);
      block.readBytes(out, block.readableBytes());
      out.flush();
      return firstAnswer(new DataInputStream(socket.getInputStream()));
    }
  }

  private static void frame(int length, int type, int flags, int stream, DataOutputStream out)
      throws Exception {
    out.writeByte(length >> 16);
    out.writeShort(length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
  }

  private static int firstAnswer(DataInputStream in) throws Exception {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.readUnsignedByte();
      in.readInt();
      in.readNBytes(length);
      if (type == HEADERS || type == RST_STREAM) {
        return type;
      }
    }
  }
}
