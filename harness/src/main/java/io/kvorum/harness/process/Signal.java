// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.process;

/** A POSIX signal; the JDK itself can only send two. */
public enum Signal {
  INT,
  TERM,
  KILL,
  STOP,
  CONT;

  /**
   * Sends it to one process by its id.
   *
   * @throws ProcessFailure when the {@code kill} command cannot be run
   */
  void send(long pid) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name(), Long.toString(pid)).inheritIO().start();
      kill.waitFor();
    } catch (java.io.IOException e) {
      throw new ProcessFailure("cannot send " + this + " to " + pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProcessFailure("interrupted while sending " + this + " to " + pid, e);
    }
  }
}
