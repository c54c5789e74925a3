// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

import java.io.IOException;

/** Asks for a password on the terminal, with the echo off while it is typed. */
public final class PasswordPrompt {

  private PasswordPrompt() {}

  /**
   * Prints the question, reads one line. Without a terminal {@code stty} complains on standard
   * error and the line is read all the same, as in etcdctl 2.3.7.
   */
  public static String ask(Console console, String question) {
    console.print(question);
    console.flush();
    stty("-echo");
    try {
      return console.readLine();
    } finally {
      stty("echo");
      console.line("");
    }
  }

  private static void stty(String mode) {
    try {
      new ProcessBuilder("stty", mode).inheritIO().start().waitFor();
    } catch (IOException e) {
      // No stty: the password is echoed, but can be given.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
