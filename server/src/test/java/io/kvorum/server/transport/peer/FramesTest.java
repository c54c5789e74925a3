// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kvorum.base.Bytes;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Frames against the bytes that genuine 3.4.23 members exchanged. */
class FramesTest {

  private static final long TO = 0xb31c02ac56e1ddb7L;
  private static final long FROM = 0xe0cab80370d52a2aL;

  @Test
  void aRecordedAppendStreamIsReadAndWrittenByteForByte() {
    byte[] recorded = recorded("msgappv2-stream.json", "bytes");
    List<Message> messages = readAppends(recorded, recorded.length);
    FrameWriter.Appends writer = new FrameWriter.Appends();
    ProtoWriter written = new ProtoWriter();
    messages.forEach(message -> writer.write(written, message));
    assertEquals(
        withoutHeartbeats(recorded), HexFormat.of().formatHex(written.toBytes().toArray()));
  }

  @Test
  void howTheNetworkCutsAStreamDoesNotMatter() {
    byte[] recorded = recorded("msgappv2-stream.json", "bytes");
    List<Message> whole = readAppends(recorded, recorded.length);
    for (int piece = 1; piece < 40; piece++) {
      assertEquals(whole, readAppends(recorded, piece), "pieces of " + piece + " bytes");
    }
  }

  @Test
  void aRecordedMessageStreamIsRead() {
    byte[] recorded = recorded("message-stream.json", "hex");
    FrameReader reader = new FrameReader.Messages();
    List<Message> messages = new ArrayList<>();
    for (byte piece : recorded) {
      reader.feed(new byte[] {piece}, messages::add);
    }
    assertEquals(1, messages.size());
    ProtoWriter written = new ProtoWriter();
    FrameWriter.Messages writer = new FrameWriter.Messages();
    writer.heartbeat(written);
    messages.forEach(message -> writer.write(written, message));
    assertEquals(
        HexFormat.of().formatHex(recorded), HexFormat.of().formatHex(written.toBytes().toArray()));
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(
        MalformedProto.class, () -> readAppends(new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 0}, 9));
    byte[] endless = HexFormat.of().parseHex("02ffffffffffffffff00");
    assertThrows(MalformedProto.class, () -> readAppends(endless, endless.length));
    SplittableRandom random = new SplittableRandom(4711);
    for (int run = 0; run < 200; run++) {
      byte[] noise = new byte[64];
      random.nextBytes(noise);
      FrameReader reader = new FrameReader.Messages();
      try {
        reader.feed(noise, message -> {});
      } catch (MalformedProto refused) {
        assertEquals(MalformedProto.class, refused.getClass(), "run " + run);
      }
    }
  }

  @Test
  void absurdLengthsAreRefusedBeforeAnythingIsKept() {
    for (String frame :
        List.of(
            "02" + "0000000004000001",
            "02" + "ffffffffffffffff",
            "01" + "ffffffffffffffff",
            "01" + "0000010000000000",
            "01" + "0000000000000001" + "7fffffffffffffff")) {
      byte[] bytes = HexFormat.of().parseHex(frame);
      assertThrows(MalformedProto.class, () -> readAppends(bytes, bytes.length), frame);
    }
    FrameReader messages = new FrameReader.Messages();
    byte[] huge = HexFormat.of().parseHex("0000000020000000");
    assertThrows(MalformedProto.class, () -> messages.feed(huge, message -> {}));
  }

  @Test
  void manyEntriesDoNotMakeAFrameOfAnySize() {
    FrameReader reader = new FrameReader.Appends(TO, FROM);
    reader.feed(HexFormat.of().parseHex("010000000000010000"), message -> {});
    byte[] entry = new byte[Long.BYTES + (8 << 20)];
    ByteBuffer.wrap(entry).putLong(8 << 20);
    assertThrows(
        MalformedProto.class,
        () -> {
          for (int i = 0; i < 12; i++) {
            reader.feed(entry, message -> {});
          }
        });
  }

  @Test
  void flippedBitsAreReadOrRefused() {
    byte[] recorded = recorded("msgappv2-stream.json", "bytes");
    SplittableRandom random = new SplittableRandom(4712);
    for (int run = 0; run < 5000; run++) {
      byte[] damaged = recorded.clone();
      for (int flip = 0; flip <= random.nextInt(4); flip++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        readAppends(damaged, damaged.length);
        new FrameReader.Messages().feed(damaged, message -> {});
      } catch (MalformedProto refused) {
        assertEquals(MalformedProto.class, refused.getClass(), "run " + run);
      }
    }
  }

  private static List<Message> readAppends(byte[] stream, int pieceBytes) {
    FrameReader reader = new FrameReader.Appends(TO, FROM);
    List<Message> messages = new ArrayList<>();
    for (int at = 0; at < stream.length; at += pieceBytes) {
      int end = Math.min(stream.length, at + pieceBytes);
      reader.feed(Arrays.copyOfRange(stream, at, end), messages::add);
    }
    return messages;
  }

  /** A writer is asked for messages here, not for heartbeats: leaves them out of the recording. */
  private static String withoutHeartbeats(byte[] recorded) {
    StringBuilder hex = new StringBuilder();
    for (String frame : frames("msgappv2-stream.json", "bytes")) {
      if (!frame.equals("00")) {
        hex.append(frame);
      }
    }
    assertEquals(true, hex.length() < 2 * recorded.length, "the recording has heartbeats");
    return hex.toString();
  }

  private static byte[] recorded(String file, String field) {
    return HexFormat.of().parseHex(String.join("", frames(file, field)));
  }

  private static List<String> frames(String file, String field) {
    List<String> frames = new ArrayList<>();
    JsonReader json = new JsonReader(resource(file));
    json.beginArray();
    while (json.nextElement()) {
      json.beginObject();
      while (json.nextMember()) {
        if (json.name().equals(field)) {
          frames.add(json.text());
        } else {
          json.skip();
        }
      }
    }
    return frames;
  }

  private static Bytes resource(String file) {
    try (InputStream content =
        Objects.requireNonNull(FramesTest.class.getResourceAsStream(file), file)) {
      return Bytes.wrap(content.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
