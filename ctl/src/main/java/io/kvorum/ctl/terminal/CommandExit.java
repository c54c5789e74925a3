// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

/**
 * Ends the program with an exit status; whatever there was to say has been said. Thrown by
 * commands, caught by the program's outermost frame only.
 */
public final class CommandExit extends RuntimeException {

  private final int code;

  public CommandExit(int code) {
    super("exit status " + code, null, false, false);
    this.code = code;
  }

  /** The exit status, 0 to 255. */
  public int code() {
    return code;
  }
}
