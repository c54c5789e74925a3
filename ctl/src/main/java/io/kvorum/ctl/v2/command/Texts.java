// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import java.util.ArrayList;
import java.util.List;

/** Text operations that the JDK only has with regular expressions. */
final class Texts {

  private Texts() {}

  /** The parts between separators, empty ones too; at least one. */
  static List<String> split(String text, String separator) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
      parts.add(text.substring(start, end));
      start = end + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }
}
