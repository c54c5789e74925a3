// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Starts other programs with arguments and environment that are UTF-8 whatever the locale.
 *
 * <p>The JVM encodes both by the locale, so under {@code LANG=C} a value outside ASCII would reach
 * the program as question marks. Then a shell takes the bytes as octal escapes and becomes the
 * program.
 */
public final class ChildProgram {

  /** The program could not be started; the message says why in Go's words. */
  public static final class NotStarted extends Exception {
    private NotStarted(String message) {
      super(message, null, false, false);
    }
  }

  private ChildProgram() {}

  /**
   * Starts a program that shares standard output and error and reads nothing; does not wait for it.
   */
  public static Process start(Console console, List<String> program, Map<String, String> variables)
      throws NotStarted {
    boolean direct = localeIsUnicode() || (isAscii(program) && isAscii(variables.values()));
    List<String> command = direct ? program : List.of("sh", "-c", script(program, variables));
    ProcessBuilder builder = new ProcessBuilder(command);
    if (direct) {
      builder.environment().putAll(variables);
    }
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectOutput(Redirect.INHERIT);
    builder.redirectError(Redirect.INHERIT);
    console.flush();
    try {
      return builder.start();
    } catch (IOException e) {
      throw new NotStarted(reason(program.get(0), e));
    }
  }

  private static String reason(String name, IOException cause) {
    if (name.indexOf('/') < 0) {
      return "exec: \"" + name + "\": executable file not found in $PATH";
    }
    String message = String.valueOf(cause.getMessage());
    String detail =
        message.contains("error=13") || message.contains("error: 13")
            ? "permission denied"
            : "no such file or directory";
    return "fork/exec " + name + ": " + detail;
  }

  private static boolean localeIsUnicode() {
    return "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  }

  private static boolean isAscii(Iterable<String> texts) {
    for (String text : texts) {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) > 127) {
          return false;
        }
      }
    }
    return true;
  }

  /** A shell script in ASCII that sets the variables and becomes the program. */
  static String script(List<String> program, Map<String, String> variables) {
    StringBuilder script = new StringBuilder();
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      appendText(script, variable.getValue());
      script.append("export ").append(variable.getKey()).append("=\"${t%.}\"\n");
    }
    script.append("set --\n");
    for (String argument : program) {
      appendText(script, argument);
      script.append("set -- \"$@\" \"${t%.}\"\n");
    }
    return script.append("unset t\nexec \"$@\"\n").toString();
  }

  /** Puts a text into variable {@code t}, with a dot after it so that no line end gets lost. */
  private static void appendText(StringBuilder script, String text) {
    script.append("t=$(printf %b '");
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      int bits = each & 0xff;
      script.append("\\0").append((char) ('0' + (bits >> 6)));
      script.append((char) ('0' + (bits >> 3 & 7))).append((char) ('0' + (bits & 7)));
    }
    script.append(".')\n");
  }
}
