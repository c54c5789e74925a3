// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void stringsAreEscapedAsGoEscapesThem() {
    Bytes raw =
        Bytes.copyOf(
            new byte[] {
              '"', '\\', '/', '\n', '\r', '\t', '\b', '\f', 1, 0x1f, 0x7f, '<', '>', '&'
            });
    assertEquals(
        "\"\\\"\\\\/\\n\\r\\t\\u0008\\u000c\\u0001\\u001f\u007f\\u003c\\u003e\\u0026\"",
        new GoJson().value(raw).toString());
    assertEquals(
        "\"äß\\u2028\\u2029\u202a😀\"", new GoJson().value("äß\u2028\u2029\u202a😀").toString());
  }

  @Test
  void eachMalformedByteBecomesOneReplacementEscape() {
    byte[] raw = {'a', (byte) 0xff, (byte) 0xed, (byte) 0xa0, (byte) 0x80, 'b', (byte) 0xc3};
    assertEquals(
        "\"a\\ufffd\\ufffd\\ufffd\\ufffdb\\ufffd\"",
        new GoJson().value(Bytes.copyOf(raw)).toString());
    assertFalse(Utf8.isValid(Bytes.copyOf(raw)));
    assertTrue(Utf8.isValid(Bytes.utf8("äß😀\uffff")));
  }

  @Test
  void commasStandBetweenValuesOnly() {
    GoJson json = new GoJson(1);
    json.beginObject().name("id").unsigned(-1).name("urls").strings(List.of("a", "b"));
    json.name("none").beginArray().endArray().name("x").nil().name("y").value(true);
    json.name("o").beginObject().endObject().endObject().newline().value(-5);
    assertEquals(
        "{\"id\":18446744073709551615,\"urls\":[\"a\",\"b\"],\"none\":[],\"x\":null,\"y\":true,"
            + "\"o\":{}}\n-5",
        json.toString());
  }

  @Test
  void numbersHaveGosShortestForm() {
    double[] numbers = {0, 1, 0.1, -2.5, 1e20, 1e21, 1.5e-7, 1e-6, 9.223372036854776e18, 1e300};
    String[] texts = {
      "0",
      "1",
      "0.1",
      "-2.5",
      "100000000000000000000",
      "1e+21",
      "1.5e-7",
      "0.000001",
      "9223372036854776000",
      "1e+300"
    };
    for (int i = 0; i < numbers.length; i++) {
      assertEquals(texts[i], new GoJson().value(numbers[i]).toString());
    }
  }

  @Test
  void readsWhatItIsAskedForAndSkipsTheRest() {
    JsonReader reader =
        reader(
            " {\"skip\":{\"a\":[1,-2.5e+3,{}],\"b\":[[],\"x\\\"\"]},\"id\":18446744073709551615 ,"
                + "\"urls\":[\"a\",\"b\"],\"no\":null,\"yes\":true,\"n\":-7}  ");
    reader.beginObject();
    assertTrue(reader.nextMember());
    assertEquals("skip", reader.name());
    reader.skip();
    assertTrue(reader.nextMember());
    assertEquals(-1, reader.unsigned());
    assertTrue(reader.nextMember());
    assertEquals(List.of("a", "b"), reader.texts());
    assertTrue(reader.nextMember());
    assertEquals(List.of(), reader.texts());
    assertTrue(reader.nextMember());
    assertTrue(reader.bool());
    assertTrue(reader.nextMember());
    assertEquals("n", reader.name());
    assertEquals(-7, reader.signed());
    assertFalse(reader.nextMember());
    reader.end();
  }

  @Test
  void escapesAndSurrogatesAreDecoded() {
    assertEquals(
        "\"\\/\b\f\n\r\täx😀\ufffd\ufffdz\ufffd\n",
        reader(
                "\"\\\"\\\\\\/\\b\\f\\n"
                    + "\\r"
                    + "\\t\\u00e4\\u0078\\ud83d\\ude00\\ud83d\\ud83dz\\udc00\\n"
                    + "\"")
            .text());
  }

  @Test
  void faultsAreWordedAsGoWordsThem() {
    fails("", "unexpected end of JSON input");
    fails("{\"a\":1", "unexpected end of JSON input");
    fails("{\"a\":1,}", "invalid character '}' looking for beginning of object key string");
    fails("{\"a\" 1}", "invalid character '1' after object key");
    fails("{\"a\":1 2}", "invalid character '2' after object key:value pair");
    fails("[1 2]", "invalid character '2' after array element");
    fails("[1,]", "invalid character ']' looking for beginning of value");
    fails("x", "invalid character 'x' looking for beginning of value");
    fails("trux", "invalid character 'x' in literal true (expecting 'e')");
    fails("\"a\nb\"", "invalid character '\\n' in string literal");
    fails("\"\\x\"", "invalid character 'x' in string escape code");
    fails("-x", "invalid character 'x' in numeric literal");
    fails("1.x", "invalid character 'x' after decimal point in numeric literal");
    fails("{} x", "invalid character 'x' after top-level value");
    MalformedJson wrong = assertThrows(MalformedJson.class, () -> reader("1.5").unsigned());
    assertEquals(
        "json: cannot unmarshal number 1.5 into Go value of type uint64", wrong.getMessage());
  }

  @Test
  void whatIsWrittenIsReadBack() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      String text =
          random
              .ints(random.nextInt(40), 0, 0x3000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      Bytes json = new GoJson().value(text).toBytes();
      assertEquals(text, new JsonReader(json).text(), "seed " + seed);
      JsonReader streaming = new JsonReader(new OneByteAtATime(json.toArray()));
      assertEquals(text, streaming.text(), "seed " + seed);
      streaming.end();
    }
  }

  private static void fails(String text, String message) {
    MalformedJson fault =
        assertThrows(
            MalformedJson.class,
            () -> {
              JsonReader reader = reader(text);
              reader.skip();
              reader.end();
            });
    assertEquals(message, fault.getMessage());
  }

  private static JsonReader reader(String text) {
    return new JsonReader(Bytes.utf8(text));
  }

  /** A stream that fills the reader's buffer as slowly as a stream may. */
  private static final class OneByteAtATime extends InputStream {
    private final ByteArrayInputStream source;

    OneByteAtATime(byte[] bytes) {
      source = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
      return source.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return source.read(target, offset, Math.min(1, length));
    }
  }
}
