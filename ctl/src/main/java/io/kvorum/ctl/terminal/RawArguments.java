// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The program's arguments as UTF-8, whatever the locale.
 *
 * <p>The JVM decodes arguments by the locale; under {@code LANG=C} (cron, service units) every byte
 * above 127 is lost, and no option changes that. Linux still has the bytes: when an argument is not
 * plain ASCII they are read from {@code /proc/self/cmdline}, whose last entries are the program's
 * arguments.
 */
public final class RawArguments {

  private RawArguments() {}

  /** The arguments in order; the JVM's own reading where the bytes cannot be had. */
  public static List<String> of(String[] decoded) {
    for (String argument : decoded) {
      if (!isAscii(argument)) {
        return fromProcess(decoded);
      }
    }
    return List.of(decoded);
  }

  private static List<String> fromProcess(String[] decoded) {
    try (FileInputStream file = new FileInputStream("/proc/self/cmdline")) {
      return tail(file.readAllBytes(), decoded);
    } catch (IOException e) {
      return List.of(decoded);
    }
  }

  /** The last entries of a NUL-terminated list, one for each of the arguments known by number. */
  static List<String> tail(byte[] commandLine, String[] decoded) {
    List<String> all = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        all.add(new String(commandLine, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    if (all.size() < decoded.length) {
      return List.of(decoded);
    }
    return List.copyOf(all.subList(all.size() - decoded.length, all.size()));
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return false;
      }
    }
    return true;
  }
}
