// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildProgramTest {

  @Test
  void theScriptCarriesEveryByte() throws IOException, InterruptedException {
    String value = "日本語 'quoted' \"$HOME\" `x` %s \\0 \n line\n\n";
    String script =
        ChildProgram.script(
            List.of("sh", "-c", "printf '%s|%s|' \"$VALUE\" \"$1\"", "sh", value),
            Map.of("VALUE", value));
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    assertEquals(value + "|" + value + "|", out);
  }
}
