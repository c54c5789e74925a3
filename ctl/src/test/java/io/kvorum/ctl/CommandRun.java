// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl;

import io.kvorum.ctl.terminal.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A command line that was run inside the test, and what came of it.
 *
 * @param code the exit status
 */
public record CommandRun(int code, String out, String err) {

  /** Runs etcdctl with nothing on standard input and no environment. */
  public static CommandRun of(String... arguments) {
    return with("", Map.of(), arguments);
  }

  /** Runs etcdctl in surroundings of the test's choice. */
  public static CommandRun with(
      String input, Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    byte[] in = input.getBytes(StandardCharsets.UTF_8);
    Console console = new Console(new ByteArrayInputStream(in), out, err, environment);
    int code = EtcdctlMain.run(console, List.of(arguments));
    return new CommandRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
