// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.process;

/** What a finished command left: its status as a shell shows it and both outputs. */
public record CommandResult(int exit, String stdout, String stderr) {
  /** Both outputs, errors last. */
  public String output() {
    return stdout + stderr;
  }
}
