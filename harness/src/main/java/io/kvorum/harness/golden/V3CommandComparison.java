// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares what v3 commands print. Not compared, because no two runs share it: how long something
 * took; raft's term and positions; sizes of the database and hashes, which lease ids are part of;
 * the order of leases, of a lease's keys and of members, whose ids are made of the time of day; log
 * lines as JSON on stderr, which our client does not print; the time in other log lines. What is
 * left of a time to live may be one off, and lower by as much as the replay is slow.
 *
 * <p>Revisions count everywhere.
 *
 * @param lag how many seconds the last commands took
 */
record V3CommandComparison(List<String> argv, long lag) implements Comparison {

  private record Rule(Pattern pattern, String replacement) {
    static Rule of(String pattern, String replacement) {
      return new Rule(Pattern.compile(pattern, Pattern.MULTILINE), replacement);
    }
  }

  private static final String DURATION = "[0-9][0-9.hmnsµ]*s";

  private static final List<Rule> VOLATILE =
      List.of(
          Rule.of("^\\{\"level\":.*\\n", ""),
          Rule.of("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+ ", "<time> "),
          Rule.of("took = " + DURATION, "took = <time>"),
          Rule.of("took " + DURATION, "took <time>"),
          Rule.of("\"took\":\"" + DURATION + "\"", "\"took\":\"<time>\""),
          Rule.of("\"Took\" : " + DURATION, "\"Took\" : <time>"),
          Rule.of("\\| +" + DURATION + " \\|", "| <time> |"),
          Rule.of("\"raft_?[tT]erm\":\\d+", "\"raftterm\":0"),
          Rule.of("\"RaftTerm\" : \\d+", "\"RaftTerm\" : 0"),
          Rule.of(
              "\"(raftIndex|raftAppliedIndex|dbSize|dbSizeInUse|totalSize|hash)\":\\d+",
              "\"$1\":0"),
          Rule.of(
              "\"(RaftIndex|RaftAppliedIndex|DBSize|DBSizeInUse|Size|Hash)\" : \\d+", "\"$1\" : 0"),
          Rule.of("\\d+(\\.\\d)? [kMG]?B\\b", "<size>"),
          Rule.of("\\b\\d+%", "<part>"),
          Rule.of("^[0-9a-f]{1,8}, (\\d+), (\\d+), <size>", "<hash>, $1, $2, <size>"),
          Rule.of(":\\d+, \\d{5,10}(, \\d+)?$", ":<port>, <hash>$1"),
          Rule.of(", (true|false), (true|false), \\d+, \\d+, \\d+, ", ", $1, $2, <raft>, "));

  /** In tables cells that are numbers alone: positions and hashes. */
  private static final Pattern NUMBER_CELL = Pattern.compile("\\| +(\\d+|[0-9a-f]{5,8}) (?=\\|)");

  private static final Pattern TIME_LEFT =
      Pattern.compile("remaining\\((\\d+)s\\)|\"ttl\":(\\d+)|^\"TTL\" : (\\d+)", Pattern.MULTILINE);

  private static final Pattern INITIAL_CLUSTER =
      Pattern.compile("(ETCD_INITIAL_CLUSTER=\")([^\"]*)\"");
  private static final Pattern ATTACHED = Pattern.compile("(attached keys\\(\\[)([^\\]]*)\\]");
  private static final Pattern JSON_KEYS = Pattern.compile("(\"keys\":\\[)([^\\]]*)\\]");
  private static final Pattern JSON_LEASES = Pattern.compile("(\"leases\":\\[)([^\\]]*)\\]");

  V3CommandComparison {
    argv = List.copyOf(argv);
  }

  @Override
  public boolean same(String field, String expected, String actual) {
    if (field.endsWith("stdout_base64")) {
      return ProtoText.of(expected).equals(ProtoText.of(actual));
    }
    if (!field.endsWith("stdout") && !field.endsWith("stderr")) {
      return expected.equals(actual);
    }
    String one = canonical(expected);
    String other = canonical(actual);
    return one.equals(other) || sameButForTime(one, other);
  }

  private boolean sameButForTime(String expected, String actual) {
    List<Long> times = times(expected);
    List<Long> others = times(actual);
    if (times.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < times.size(); i++) {
      if (!JsonComparison.sameTtl(times.get(i), others.get(i), lag)) {
        return false;
      }
    }
    return withoutTimes(expected).equals(withoutTimes(actual));
  }

  private static List<Long> times(String text) {
    return TIME_LEFT.matcher(text).results().map(V3CommandComparison::number).toList();
  }

  private static long number(MatchResult match) {
    for (int i = 1; i <= match.groupCount(); i++) {
      if (match.group(i) != null) {
        return Long.parseLong(match.group(i));
      }
    }
    throw new IllegalStateException(match.group());
  }

  private static String withoutTimes(String text) {
    return TIME_LEFT.matcher(text).replaceAll("<time left>");
  }

  private String canonical(String text) {
    String shown = text;
    for (Rule rule : VOLATILE) {
      shown = rule.pattern().matcher(shown).replaceAll(rule.replacement());
    }
    if (argv.contains("table")) {
      shown = NUMBER_CELL.matcher(shown).replaceAll("| N ");
      shown = shown.replaceAll("-+", "-").replaceAll(" +", " ");
    }
    shown = sorted(INITIAL_CLUSTER, "\"", ",", shown);
    shown = sorted(ATTACHED, "]", " ", shown);
    shown = sorted(JSON_KEYS, "]", ",", shown);
    shown = sorted(JSON_LEASES, "]", ",", shown);
    boolean lists = argv.contains("list") && (argv.contains("lease") || argv.contains("member"));
    return lists || argv.contains("--keys") ? blocksSorted(shown) : shown;
  }

  private static String sorted(Pattern pattern, String end, String separator, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.replaceAll(
        match ->
            Matcher.quoteReplacement(
                Arrays.stream(match.group(2).split(separator))
                    .sorted()
                    .collect(Collectors.joining(separator, match.group(1), end))));
  }

  /** Lines sorted, those of one member together. */
  private static String blocksSorted(String text) {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      boolean starts =
          !line.startsWith("\"") || line.startsWith("\"ID\"") || line.startsWith("\"Key\"");
      if (starts && !block.isEmpty()) {
        blocks.add(block.toString());
        block.setLength(0);
      }
      block.append(line).append('\n');
    }
    blocks.add(block.toString());
    Collections.sort(blocks);
    return String.join("", blocks);
  }
}
