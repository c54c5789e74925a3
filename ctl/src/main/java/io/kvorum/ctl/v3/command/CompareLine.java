// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.v3.output.GoQuote;

/**
 * A comparison of a transaction: {@code target("key") op "value"}.
 *
 * @param target the number of the field that is compared, as the API has it
 * @param result the number of the comparison
 * @param number what a number is compared with
 * @param value what a value is compared with
 */
record CompareLine(int target, int result, Bytes key, long number, Bytes value) {

  private static final int VALUE = 3;
  private static final int LEASE = 4;

  /** Where in the request the number or value of each target stands. */
  private static final int FIRST_UNION_FIELD = 4;

  /** A line that is no comparison. */
  static final class Mistake extends Exception {
    private Mistake(String message) {
      super(message, null, false, false);
    }
  }

  /** Reads a line. */
  static CompareLine parse(String line) throws Mistake {
    int bracket = line.indexOf('(');
    if (bracket < 0) {
      throw new Mistake("malformed comparison: " + line);
    }
    String name = line.substring(0, bracket);
    GoScanner in = new GoScanner(line, bracket + 1);
    Bytes key = in.quoted();
    boolean closed = !in.failed() && in.skip(')');
    String operator = closed ? in.word() : "";
    Bytes value = operator.isEmpty() ? Bytes.EMPTY : in.quoted();
    if (!closed || operator.isEmpty() || in.failed()) {
      throw new Mistake(
          "malformed comparison: "
              + line
              + "; got "
              + name
              + "("
              + GoQuote.of(key)
              + ") "
              + operator
              + " "
              + GoQuote.of(value));
    }
    int target = target(line, name);
    int result = result(line, operator);
    if (target == VALUE) {
      return new CompareLine(target, result, key, 0, value);
    }
    try {
      long number = Numbers.signed(value.utf8(), target == LEASE ? 16 : 10);
      return new CompareLine(target, result, key, number, Bytes.EMPTY);
    } catch (Numbers.Mistake e) {
      throw new Mistake("invalid txn compare request: " + line);
    }
  }

  private static int target(String line, String name) throws Mistake {
    return switch (name) {
      case "ver", "version" -> 0;
      case "c", "create" -> 1;
      case "m", "mod" -> 2;
      case "val", "value" -> VALUE;
      case "lease" -> LEASE;
      default ->
          throw new Mistake("malformed comparison: " + line + " (unknown target " + name + ")");
    };
  }

  private static int result(String line, String operator) throws Mistake {
    return switch (operator) {
      case "=" -> 0;
      case ">" -> 1;
      case "<" -> 2;
      case "!=" -> 3;
      default ->
          throw new Mistake(
              "malformed comparison: " + line + " (unknown operator " + operator + ")");
    };
  }

  void write(ProtoWriter request) {
    request.enumeration(1, result);
    request.enumeration(2, target);
    request.bytes(3, key);
    if (target == VALUE) {
      request.bytesAlways(FIRST_UNION_FIELD + target, value);
    } else {
      request.uint64Always(FIRST_UNION_FIELD + target, number);
    }
  }
}
