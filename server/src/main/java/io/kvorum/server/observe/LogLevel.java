// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import java.util.Locale;
import java.util.Optional;

/** The levels of etcd 2's log, by importance. */
public enum LogLevel {
  CRITICAL,
  ERROR,
  WARNING,
  NOTICE,
  INFO,
  DEBUG,
  TRACE;

  /** By name or first letter, in any case. */
  public static Optional<LogLevel> named(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    for (var level : values()) {
      if (name.equals(level.name()) || name.equals(level.name().substring(0, 1))) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
