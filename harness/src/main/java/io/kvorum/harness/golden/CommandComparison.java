// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares what client commands print. Not compared: the order of an {@code ls} without {@code
 * --sort} (random per run); the order of {@code error #N} lines (the numbers must count up); a
 * {@code TTL: N} may be off as a {@code ttl} may; the order of {@code ETCD_INITIAL_CLUSTER}, which
 * is that of ids made of the time of day; the address of the name server; a log line's time; texts
 * in which releases of Go differ ({@code connect:} and {@code getsockopt:}, quoted and bare {@code
 * Get} URLs); and what {@link JsonComparison} names.
 */
record CommandComparison(List<String> argv, long lag) implements Comparison {
  private static final Pattern ERROR_LINE = Pattern.compile("error #(\\d+): (.*)");
  private static final Pattern INITIAL_CLUSTER =
      Pattern.compile("(ETCD_INITIAL_CLUSTER=\")([^\"]*)\"");
  private static final Pattern TTL_LINE = Pattern.compile("TTL: (\\d+)");

  CommandComparison {
    argv = List.copyOf(argv);
  }

  @Override
  public boolean same(String field, String expected, String actual) {
    return switch (field) {
      case "stdout", "stderr" -> {
        boolean isSet = field.equals("stdout") && argv.contains("ls") && !argv.contains("--sort");
        yield sameLines(ordered(expected, isSet), ordered(actual, isSet));
      }
      default -> expected.equals(actual);
    };
  }

  private boolean sameLines(List<String> lines, List<String> others) {
    if (lines.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < lines.size(); i++) {
      if (!sameLine(lines.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean sameLine(String expected, String actual) {
    Matcher one = TTL_LINE.matcher(expected);
    Matcher other = TTL_LINE.matcher(actual);
    if (one.matches() && other.matches()) {
      return JsonComparison.sameTtl(
          Long.parseLong(one.group(1)), Long.parseLong(other.group(1)), lag);
    }
    return JsonComparison.plain(true, lag).sameText(expected, actual);
  }

  /** The lines, those of free order sorted. */
  private static List<String> ordered(String text, boolean isSet) {
    String[] lines = canonical(text).split("\n", -1);
    if (isSet) {
      Arrays.sort(lines);
      return List.of(lines);
    }
    List<String> ordered = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = ERROR_LINE.matcher(line);
      boolean isNext = matcher.matches() && Integer.parseInt(matcher.group(1)) == errors.size();
      if (isNext) {
        errors.add(matcher.group(2));
        continue;
      }
      flush(errors, ordered);
      ordered.add(line);
    }
    flush(errors, ordered);
    return ordered;
  }

  private static void flush(List<String> errors, List<String> into) {
    Collections.sort(errors);
    errors.forEach(text -> into.add("error #: " + text));
    errors.clear();
  }

  private static String initialClusterInOrder(String text) {
    return INITIAL_CLUSTER
        .matcher(text)
        .replaceAll(
            match ->
                Arrays.stream(match.group(2).split(","))
                    .sorted()
                    .collect(Collectors.joining(",", match.group(1), "\"")));
  }

  private static String canonical(String text) {
    return text.replace("connect: connection refused", "getsockopt: connection refused")
        .replaceAll("Get \"(http[^\"]*)\"", "Get $1")
        .replaceAll("(lookup \\S+ on) \\S+:53", "$1 <resolver>:53")
        .transform(CommandComparison::initialClusterInOrder)
        .replaceAll("(?m)^\\d{4}[-/]\\d\\d[-/]\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+ ", "<time> ");
  }
}
