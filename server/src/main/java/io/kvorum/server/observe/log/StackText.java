// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe.log;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A stack trace as one text, for the on-call engineer. */
final class StackText {

  private StackText() {}

  static String of(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
