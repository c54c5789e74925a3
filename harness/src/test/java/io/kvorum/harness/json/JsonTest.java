// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"b\":1,\"a\":[true,null,-1.50e+3,\"\\u00e9\\n\"]}",
        "18446744073709551615",
        "{\"a\":1,\"a\":2}"
      })
  void compactTextComesBackAsItWas(String text) {
    assertEquals(text, Json.parse(text).render());
  }

  @Test
  void spacesAreLost() {
    assertEquals("{\"a\":[1,2]}", Json.parse(" { \"a\" : [ 1 , 2 ] } ").render());
  }

  @Test
  void differentEscapesOfOneStringAreDifferentTexts() {
    assertNotEquals(Json.parse("\"<\""), Json.parse("\"\\u003c\""));
    assertEquals("<", ((Json.Text) Json.parse("\"\\u003c\"")).value());
  }

  @Test
  void membersAreFoundByName() {
    Json json = Json.parse("{\"s\":\"x\",\"n\":7,\"t\":true,\"a\":[\"p\",\"q\"]}");
    assertEquals("x", json.string("s").orElseThrow());
    assertEquals(7, json.number("n").orElseThrow());
    assertEquals(List.of("p", "q"), json.strings("a"));
    assertEquals(true, json.isTrue("t"));
    assertEquals(true, json.get("none").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\"}", "[1,]", "01x", "tru", "\"open", "1 2"})
  void otherTextIsRefused(String text) {
    assertThrows(JsonSyntaxException.class, () -> Json.parse(text));
  }
}
