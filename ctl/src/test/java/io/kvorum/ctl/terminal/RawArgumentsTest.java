// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {

  @Test
  void theLastEntriesOfTheCommandLineAreTheArguments() {
    byte[] line = "java\0-cp\0x\0Main\0set\0uni\0日本語\0".getBytes(StandardCharsets.UTF_8);
    String[] decoded = {"set", "uni", "?????????"};
    assertEquals(List.of("set", "uni", "日本語"), RawArguments.tail(line, decoded));
  }

  @Test
  void emptyArgumentsCount() {
    byte[] line = "java\0Main\0set\0\0\u00e9\0".getBytes(StandardCharsets.UTF_8);
    assertEquals(List.of("set", "", "é"), RawArguments.tail(line, new String[] {"set", "", "?"}));
  }

  @Test
  void aShorterListThanExpectedIsNotTrusted() {
    byte[] line = "a\0".getBytes(StandardCharsets.UTF_8);
    assertEquals(List.of("a", "b"), RawArguments.tail(line, new String[] {"a", "b"}));
  }

  @Test
  void plainArgumentsAreTakenAsTheyAre() {
    assertEquals(List.of("get", "os"), RawArguments.of(new String[] {"get", "os"}));
  }
}
