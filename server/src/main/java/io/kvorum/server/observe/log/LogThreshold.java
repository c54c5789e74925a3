// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe.log;

import java.util.Locale;
import org.slf4j.event.Level;

/** What is logged: everything at or above one level, changeable at any time by any thread. */
public final class LogThreshold {

  private static volatile int lowest = Level.INFO.toInt();

  private LogThreshold() {}

  /** Accepts etcd's level names; panic and fatal count as error. */
  public static void set(String level) {
    lowest =
        switch (level.toLowerCase(Locale.ROOT)) {
          case "trace" -> Level.TRACE.toInt();
          case "debug" -> Level.DEBUG.toInt();
          case "warn" -> Level.WARN.toInt();
          case "error", "panic", "fatal" -> Level.ERROR.toInt();
          default -> Level.INFO.toInt();
        };
  }

  static boolean lets(Level level) {
    return level.toInt() >= lowest;
  }
}
