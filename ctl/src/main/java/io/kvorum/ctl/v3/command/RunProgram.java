// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.terminal.ChildProgram;
import io.kvorum.ctl.terminal.Console;
import java.util.List;
import java.util.Map;

/** Runs another program to its end. */
final class RunProgram {

  /** A status above this stands for a signal. */
  private static final int SIGNALS = 128;

  private RunProgram() {}

  /** How it failed, as Go says it; empty when it did not. */
  static String failure(Console console, List<String> program, Map<String, String> variables) {
    int status;
    try {
      status = status(console, program, variables);
    } catch (ChildProgram.NotStarted e) {
      return String.valueOf(e.getMessage());
    }
    return status == 0 ? "" : text(status);
  }

  /** Its exit status, once it has ended. */
  static int status(Console console, List<String> program, Map<String, String> variables)
      throws ChildProgram.NotStarted {
    Process process = ChildProgram.start(console, program, variables);
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
      }
    }
  }

  static String text(int status) {
    return status > SIGNALS ? "signal: " + (status - SIGNALS) : "exit status " + status;
  }
}
