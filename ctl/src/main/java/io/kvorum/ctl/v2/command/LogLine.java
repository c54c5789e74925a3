// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A line as etcd 2.3.7 logs it, which is how some commands speak. */
final class LogLine {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private LogLine() {}

  static String of(String text) {
    return TIME.format(LocalDateTime.now()) + " I | " + text;
  }
}
