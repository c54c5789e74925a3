// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
      var frames = new GrpcFrames(300, "", new BodyBudget(1000));
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
    var frames = new GrpcFrames(300, "", new BodyBudget(1000));
    frames.add(GrpcFrames.frame(Bytes.utf8("abc")).slice(0, 6), message -> {});
    var unreadable = assertThrows(GrpcFrames.Unreadable.class, frames::end);
    assertEquals(new RpcFault(RpcCode.INTERNAL, "unexpected EOF"), unreadable.fault());
  }

  @Test
  void aLengthWithTheHighestBitSetIsLongAndNotNegative() {
    var frames = new GrpcFrames(300, "", new BodyBudget(1000));
    var unreadable =
        assertThrows(
            GrpcFrames.Unreadable.class,
            () -> frames.add(Buffer.buffer(new byte[] {0, -1, -1, -1, -1}), message -> {}));
    assertEquals(
        "grpc: received message larger than max (4294967295 vs. 300)", unreadable.fault().text());
  }

  @Test
  void compressedWithoutAnEncodingIsAFaultOfTheClient() {
    var frames = new GrpcFrames(300, "identity", new BodyBudget(1000));
    var unreadable =
        assertThrows(
            GrpcFrames.Unreadable.class,
            () -> frames.add(Buffer.buffer(new byte[] {1, 0, 0, 0, 0}), message -> {}));
    assertEquals(RpcCode.INTERNAL, unreadable.fault().code());
  }

  @Test
  void unfinishedMessagesOfAllCallsShareABudget() throws GrpcFrames.Unreadable {
    var budget = new BodyBudget(100);
    var slow = new GrpcFrames(300, "", budget);
    var other = new GrpcFrames(300, "", budget);
    var long90 = GrpcFrames.frame(Bytes.wrap(new byte[90]));
    slow.add(long90.slice(0, 80), message -> {});
    var unreadable =
        assertThrows(
            GrpcFrames.Unreadable.class, () -> other.add(long90.slice(0, 80), message -> {}));
    assertEquals(
        new RpcFault(RpcCode.RESOURCE_EXHAUSTED, "etcdserver: too many requests"),
        unreadable.fault());
    List<Bytes> taken = new ArrayList<>();
    slow.add(long90.slice(80, 95), taken::add);
    assertEquals(1, taken.size());
    assertTrue(budget.take(100), "all is given back");
    budget.giveBack(100);
    slow.add(long90.slice(0, 80), taken::add);
    slow.release();
    assertTrue(budget.take(100), "all is given back");
  }

  @Test
  void aCallThatEndsAtAMessageLeavesNothingBehind() throws GrpcFrames.Unreadable {
    var budget = new BodyBudget(100);
    var frames = new GrpcFrames(300, "", budget);
    var two =
        GrpcFrames.frame(Bytes.utf8("first")).appendBuffer(GrpcFrames.frame(Bytes.utf8("second")));
    frames.add(two.slice(0, 3), message -> {});
    frames.add(two.slice(3, 15), message -> frames.release());
    assertTrue(budget.take(100), "all is given back");
    budget.giveBack(100);
    var others = new GrpcFrames(300, "", budget);
    others.add(two.slice(0, 15), message -> others.release());
    assertTrue(budget.take(100), "all is given back");
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
