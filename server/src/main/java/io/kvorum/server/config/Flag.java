// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import io.kvorum.server.base.Urls;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One flag of the daemon.
 *
 * @param kind what values look like
 * @param defaultText empty for none
 * @param group the heading it is listed under in the help
 */
record Flag(
    String name,
    Kind kind,
    List<String> choices,
    String defaultText,
    Standing standing,
    String help,
    String group) {

  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  /** What values look like. */
  enum Kind {
    TEXT,
    SWITCH,
    COUNT,
    NUMBER,
    MILLIS,
    DURATION,
    URLS,
    ORIGINS,
    CHOICE
  }

  /** Whether the flag does something. */
  enum Standing {
    /** As documented. */
    WORKS,
    /** Of a part that is not built yet: refused by name when given. */
    NOTYET,
    /** Of etcd 0.4: a warning, no effect (recorded behaviour of 2.3.7). */
    IGNORED,
    /** Of etcd 0.4: an error (recorded behaviour of 2.3.7). */
    GONE
  }

  /** The environment variable that means the same. */
  String variable() {
    return "ETCD_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** What is wrong with {@code value}, in the words of Go's flag parser. */
  Optional<String> complaintAbout(String value) {
    return switch (kind) {
      case TEXT -> Optional.empty();
      case SWITCH -> complainUnless(TRUE.contains(value) || FALSE.contains(value), "parse error");
      case NUMBER ->
          complainUnless(
              isUnsigned(value.startsWith("-") ? value.substring(1) : value), "parse error");
      case COUNT, MILLIS -> complainUnless(isUnsigned(value), "parse error");
      case DURATION -> complainUnless(DurationText.parse(value).isPresent(), "parse error");
      case URLS -> Urls.complaintAbout(value);
      case ORIGINS -> Origins.complaintAbout(value);
      case CHOICE -> complainUnless(choices.contains(value), "invalid value");
    };
  }

  static boolean isTrue(String value) {
    return TRUE.contains(value);
  }

  private static Optional<String> complainUnless(boolean fine, String text) {
    return fine ? Optional.empty() : Optional.of(text);
  }

  private static boolean isUnsigned(String value) {
    return !value.isEmpty()
        && value.length() <= 18
        && value.chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }
}
