// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

  private static JsonReader reader(String json) {
    return new JsonReader(json);
  }

  private static String written(String text) {
    StringBuilder json = new StringBuilder();
    JsonWriter.appendText(json, text);
    return json.toString();
  }

  @Test
  void entriesAreReadInOrderAndUnknownOnesSkipped() throws JsonSyntaxException {
    JsonReader json =
        reader(" {\"x\":[1,{\"y\":[]},\"]\",null,true,-1.5e3] , \"a\":\"b\",\"n\":7} ");
    json.beginObject();
    assertTrue(json.hasMore());
    assertEquals("x", json.name());
    json.skip();
    assertTrue(json.hasMore());
    assertEquals("a", json.name());
    assertEquals("b", json.text());
    assertTrue(json.hasMore());
    assertEquals("n", json.name());
    assertEquals(7, json.number());
    assertFalse(json.hasMore());
    json.end();
    json.finish();
  }

  @Test
  void nullIsTheEmptyValue() throws JsonSyntaxException {
    assertEquals("", reader("null").text());
    assertEquals(0, reader("null").number());
    assertFalse(reader("null").truth());
    assertTrue(reader(" null").nextIsNull());
  }

  @Test
  void escapesAreResolved() throws JsonSyntaxException {
    assertEquals(
        "a\"\\/\b\f\n\r\tü\ud83d\ude00",
        reader("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00fc\\ud83d\\ude00\"").text());
  }

  @Test
  void unsignedNumbersKeepAllTheirBits() throws JsonSyntaxException {
    assertEquals(-1L, reader("18446744073709551615").number());
    assertEquals(-7L, reader("-7").number());
  }

  @Test
  void brokenTextIsRefusedInGoWords() {
    assertEquals(
        "invalid character '<' looking for beginning of value",
        assertThrows(JsonSyntaxException.class, () -> reader("<html>").beginObject()).getMessage());
    assertEquals(
        "unexpected end of JSON input",
        assertThrows(JsonSyntaxException.class, () -> reader("").beginObject()).getMessage());
    for (String text :
        List.of("{", "[1", "\"a", "\"\\x\"", "\"\\u12\"", "tru", "{\"a\"1}", "[1 2]")) {
      assertThrows(JsonSyntaxException.class, () -> reader(text).skip(), text);
    }
    String deep = "[".repeat(5000);
    assertThrows(JsonSyntaxException.class, () -> reader(deep).skip());
  }

  @Test
  void textIsWrittenAsGoWritesIt() {
    assertEquals("\"\\u003c\\u0026\\u003e\"", written("<&>"));
    assertEquals("\"\\\"\\\\\\n\\r\\t\\u0001\\u0008\"", written("\"\\\n\r\t\u0001\b"));
    assertEquals("\"日本語\u007f\\u2028\"", written("日本語\u007f\u2028"));
  }
}
