// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.cli;

/** A command line that can not be read; the message says why in the words of Go's flag library. */
public final class FlagMistake extends Exception {

  FlagMistake(String message) {
    super(message, null, false, false);
  }
}
