// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C as a regular end of commands that run until they are told to stop.
 *
 * <p>A shutdown hook cannot do this: it does not learn whether SIGINT (status 0) or SIGTERM (death
 * by signal) ends the program. Module {@code jdk.unsupported} has the only way to handle one
 * signal.
 */
public final class Interrupts {

  private Interrupts() {}

  /** From now on SIGINT ends the program at once with status 0. Affects the whole JVM. */
  public static void endSuccessfully() {
    Signal.handle(
        new Signal("INT"),
        new SignalHandler() {
          @Override
          public void handle(Signal signal) {
            Runtime.getRuntime().halt(ExitCode.SUCCESS);
          }
        });
  }

  /**
   * From now on SIGINT and SIGTERM end the program with status 0 after something was cleaned up, on
   * a thread of its own. Affects the whole JVM.
   */
  public static void afterwards(Runnable cleanUp) {
    SignalHandler handler =
        new SignalHandler() {
          @Override
          public void handle(Signal signal) {
            cleanUp.run();
            Runtime.getRuntime().halt(ExitCode.SUCCESS);
          }
        };
    Signal.handle(new Signal("INT"), handler);
    Signal.handle(new Signal("TERM"), handler);
  }
}
