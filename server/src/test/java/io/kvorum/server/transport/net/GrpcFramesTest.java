// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kvorum.base.Bytes;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrpcFramesTest {

  @Test
  void howTheBodyIsCutDoesNotMatter() throws GrpcFrames.Unreadable {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<Bytes> sent = new ArrayList<>();
      var body = Buffer.buffer();
      for (int i = random.nextInt(6); i >= 0; i--) {
        var message = new byte[random.nextInt(300)];
        random.nextBytes(message);
        sent.add(Bytes.wrap(message));
        body.appendBuffer(GrpcFrames.frame(Bytes.wrap(message)));
      }
      List<Bytes> taken = new ArrayList<>();
      var frames = new GrpcFrames(300, "");
      int pieceMax = 1 + random.nextInt(400);
      for (int at = 0; at < body.length(); ) {
        int end = Math.min(body.length(), at + 1 + random.nextInt(pieceMax));
        frames.add(body.slice(at, end), taken::add);
        at = end;
      }
      frames.end();
      assertEquals(sent, taken, "seed " + seed);
    }
  }

  @Test
  void aBodyThatEndsInsideAMessageIsToldAsSuch() throws GrpcFrames.Unreadable {
    var frames = new GrpcFrames(300, "");
    frames.add(GrpcFrames.frame(Bytes.utf8("abc")).slice(0, 6), message -> {});
    var unreadable = assertThrows(GrpcFrames.Unreadable.class, frames::end);
    assertEquals(new RpcFault(RpcCode.INTERNAL, "unexpected EOF"), unreadable.fault());
  }

  @Test
  void aLengthWithTheHighestBitSetIsLongAndNotNegative() {
    var frames = new GrpcFrames(300, "");
    var unreadable =
        assertThrows(
            GrpcFrames.Unreadable.class,
            () -> frames.add(Buffer.buffer(new byte[] {0, -1, -1, -1, -1}), message -> {}));
    assertEquals(
        "grpc: received message larger than max (4294967295 vs. 300)", unreadable.fault().text());
  }

  @Test
  void compressedWithoutAnEncodingIsAFaultOfTheClient() {
    var frames = new GrpcFrames(300, "identity");
    var unreadable =
        assertThrows(
            GrpcFrames.Unreadable.class,
            () -> frames.add(Buffer.buffer(new byte[] {1, 0, 0, 0, 0}), message -> {}));
    assertEquals(RpcCode.INTERNAL, unreadable.fault().code());
  }

  @Test
  void timesAreReadAsTheProtocolWritesThem() {
    assertEquals(7_200_000, GrpcTimeout.millis("2H"));
    assertEquals(120_000, GrpcTimeout.millis("2M"));
    assertEquals(5_000, GrpcTimeout.millis("5S"));
    assertEquals(500, GrpcTimeout.millis("500m"));
    assertEquals(1, GrpcTimeout.millis("500u"));
    assertEquals(100, GrpcTimeout.millis("99999999n"));
    for (var wrong : List.of("", "S", "5", "5s", "-5S", "123456789S", "5.5S")) {
      assertEquals(-1, GrpcTimeout.millis(wrong), wrong);
    }
  }

  @Test
  void textsTravelAsPrintableAscii() {
    assertEquals("a b %25 %C3%A4%0A", GrpcCall.percentEncoded("a b % ä\n"));
  }
}
