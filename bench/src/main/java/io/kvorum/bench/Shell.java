// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs other programs. */
final class Shell {

  private Shell() {}

  /**
   * What {@code command} prints on both outputs, and its status when it fails; waits for its end.
   */
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = process.waitFor();
    return status == 0 ? output : output + " (exit " + status + ")";
  }

  /** Like {@link #run}, but nothing when there is no such program. */
  static String tryRun(List<String> command) throws InterruptedException {
    try {
      return run(command);
    } catch (IOException missing) {
      return "";
    }
  }
}
