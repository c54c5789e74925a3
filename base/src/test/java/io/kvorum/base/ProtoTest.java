// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProtoTest {

  @Test
  void whatIsWrittenIsRead() {
    ProtoWriter out = new ProtoWriter(1);
    out.uint64(1, -1);
    out.int32(2, -5);
    out.bool(3, true);
    out.string(4, "grüße");
    out.bytes(5, Bytes.utf8("x"));
    out.fixed64Always(6, 0x1122334455667788L);
    ProtoReader in = new ProtoReader("All", out.toBytes());
    assertEquals(1, in.next());
    assertEquals(-1, in.uint64());
    assertEquals(2, in.next());
    assertEquals(-5, in.int32());
    assertEquals(3, in.next());
    assertTrue(in.bool());
    assertEquals(4, in.next());
    assertEquals("grüße", in.string());
    assertEquals(5, in.next());
    assertEquals(Bytes.utf8("x"), in.bytes());
    assertEquals(6, in.next());
    assertEquals(0x1122334455667788L, in.fixed64());
    assertEquals(0, in.next());
  }

  @Test
  void defaultsAreLeftOutUnlessTheyAreAlwaysWritten() {
    ProtoWriter out = new ProtoWriter();
    out.uint64(1, 0);
    out.bool(2, false);
    out.string(3, "");
    out.bytes(4, Bytes.EMPTY);
    assertEquals(0, out.length());
    out.uint64Always(1, 0);
    out.boolAlways(2, false);
    out.stringAlways(3, "");
    out.bytesAlways(4, Bytes.EMPTY);
    assertEquals("080010001a002200", out.toBytes().hex());
  }

  @Test
  void aNestedMessageGetsTheShortestLengthWhateverItsSize() {
    for (int size : new int[] {0, 1, 127, 128, 16_383, 16_384, 3_000_000}) {
      Bytes inner = Bytes.wrap(new byte[size]);
      ProtoWriter patched = new ProtoWriter(4);
      int outer = patched.begin(1);
      int mark = patched.begin(2);
      patched.put(inner);
      patched.end(mark);
      patched.uint64(3, 7);
      patched.end(outer);
      ProtoWriter computed = new ProtoWriter(4);
      computed.messageHeader(1, ProtoWriter.sizeOfMessage(2, size) + 2);
      computed.bytesAlways(2, inner);
      computed.uint64(3, 7);
      assertEquals(computed.toBytes(), patched.toBytes());
    }
  }

  @Test
  void sizesOfNumbersAreRightAtEveryBit() {
    for (int bit = 0; bit < 64; bit++) {
      for (long value : new long[] {1L << bit, (1L << bit) - 1, -1L >>> bit}) {
        ProtoWriter out = new ProtoWriter();
        out.uint64Always(1, value);
        assertEquals(out.length(), ProtoWriter.sizeOfUint64(1, value));
        ProtoReader in = new ProtoReader("One", out.toBytes());
        in.next();
        assertEquals(value, in.uint64());
      }
    }
  }

  @Test
  void unknownFieldsOfEveryWireTypeAreSkipped() {
    // varint, fixed64, bytes, a group holding a group, fixed32, then field 9 = 1
    Bytes source =
        hex("0801" + "110102030405060708" + "1a0161" + "2308012b102c2c24" + "2d01020304");
    ProtoReader in = new ProtoReader("Unknown", source.concat(hex("4801")));
    int fields = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      fields++;
      if (field == 9) {
        assertTrue(in.bool());
      } else {
        in.skip();
      }
    }
    assertEquals(6, fields);
  }

  @Test
  void repeatedNumbersAreReadPackedAndUnpacked() {
    ProtoReader packed = new ProtoReader("List", hex("0a03018002"));
    packed.next();
    assertEquals(List.of(1L, 256L), packed.uint64List());
    ProtoReader unpacked = new ProtoReader("List", hex("0801"));
    unpacked.next();
    assertEquals(List.of(1L), unpacked.uint64List());
  }

  @Test
  void malformedBytesSayWhichFieldAndWhere() {
    assertMalformed("0a0161", 1, 1); // bytes where a number is expected
    assertMalformed("0c", 1, 1); // the end of a group that never began
    assertMalformed("0e", 1, 1); // a wire type that does not exist
    assertMalformed("0000", 0, 1); // field 0
    assertMalformed("08", 1, 1); // no value
    assertMalformed("0880", 1, 2); // half a number
    assertMalformed("08ffffffffffffffffffff01", 1, 11); // an eleven-byte number
  }

  @Test
  void truncatedAndOverlongLengthsAreRefused() {
    for (String source : List.of("1205616263", "12ffffffffffffffffff01", "120a")) {
      ProtoReader in = new ProtoReader("Text", hex(source));
      in.next();
      assertEquals(2, assertThrows(MalformedProto.class, in::bytes).field(), source);
    }
  }

  @Test
  void offsetsInNestedMessagesCountFromTheOutermostBytes() {
    ProtoReader outer = new ProtoReader("Outer", hex("00000a0208ff").slice(2, 6));
    outer.next();
    ProtoReader inner = outer.message("Inner");
    inner.next();
    MalformedProto refusal = assertThrows(MalformedProto.class, inner::uint64);
    assertEquals("Inner", refusal.message());
    assertEquals(4, refusal.offset());
  }

  @Test
  void noBytesAtAllMakeTheReaderFailInAnotherWayThanItsOwn() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] noise = new byte[random.nextInt(24)];
      random.nextBytes(noise);
      ProtoReader in = new ProtoReader("Noise", Bytes.wrap(noise));
      try {
        while (in.next() != 0) {
          in.skip();
        }
      } catch (MalformedProto expected) {
        assertEquals("Noise", expected.message());
      }
    }
  }

  private static void assertMalformed(String source, int field, int offset) {
    ProtoReader in = new ProtoReader("Number", hex(source));
    MalformedProto refusal =
        assertThrows(
            MalformedProto.class,
            () -> {
              in.next();
              in.uint64();
            },
            source);
    assertEquals(field, refusal.field(), source);
    assertEquals(offset, refusal.offset(), source);
  }

  private static Bytes hex(String hex) {
    return Bytes.wrap(HexFormat.of().parseHex(hex));
  }
}
