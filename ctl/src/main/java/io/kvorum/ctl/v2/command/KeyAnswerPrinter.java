// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.v2.client.KeyAnswer;

/** Prints answers of the keys API in the format that {@code --output} asks for. */
final class KeyAnswerPrinter {

  private KeyAnswerPrinter() {}

  /** An unknown format is only told, since the operation itself was done. */
  static void print(Invocation call, KeyAnswer answer) {
    Console console = call.console();
    String format = call.globals().text(GlobalOptions.OUTPUT);
    switch (format) {
      case "simple" -> printSimple(console, answer);
      case "extended" -> printExtended(console, answer);
      case "json" -> console.line(answer.toJson());
      default -> console.errorLine("Unsupported output format: " + format);
    }
  }

  private static void printSimple(Console console, KeyAnswer answer) {
    console.line(
        answer.isDelete() ? "PrevNode.Value: " + answer.previousValue() : answer.node().value());
  }

  private static void printExtended(Console console, KeyAnswer answer) {
    console.line("Key: " + answer.node().key());
    console.line("Created-Index: " + Long.toUnsignedString(answer.node().createdIndex()));
    console.line("Modified-Index: " + Long.toUnsignedString(answer.node().modifiedIndex()));
    if (answer.prevNode() != null) {
      console.line("PrevNode.Value: " + answer.previousValue());
    }
    console.line("TTL: " + answer.node().ttl());
    console.line("Index: " + Long.toUnsignedString(answer.index()));
    if (!answer.isDelete()) {
      console.line("");
      console.line(answer.node().value());
    }
  }
}
