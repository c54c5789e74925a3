// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import java.util.ArrayList;
import java.util.List;

/** Splits a line at blanks; {@code "..."} with Go's escapes and {@code '...'} hold together. */
final class Words {

  private Words() {}

  static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      int end = -1;
      if (c == '"') {
        GoScanner literal = new GoScanner(line, at);
        String text = literal.quoted().utf8();
        if (!literal.failed()) {
          words.add(text);
          end = literal.position();
        }
      } else if (c == '\'' && line.indexOf('\'', at + 1) > 0) {
        end = line.indexOf('\'', at + 1) + 1;
        words.add(line.substring(at + 1, end - 1));
      }
      if (end < 0) {
        end = at + 1;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
          end++;
        }
        words.add(line.substring(at, end));
      }
      at = end;
    }
    return words;
  }
}
