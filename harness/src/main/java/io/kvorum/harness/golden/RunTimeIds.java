// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.json.Json;
import io.kvorum.harness.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The ids of members that are added while a recording is replayed. They contain the second in which
 * it happens, so they are never the recorded ones: {@code member add} and {@code member list} print
 * them. What is sent later carries the new ids; what comes back is told in the recorded ones, and
 * where members stand in the order of their ids, in that of the recorded ones.
 */
final class RunTimeIds {
  private static final Pattern ADDED =
      Pattern.compile("Added member named \\S+ with ID ([0-9a-f]{1,16}) to cluster");
  private static final Pattern UNSTARTED =
      Pattern.compile("(?m)^([0-9a-f]{1,16})\\[unstarted\\]: peerURLs=(\\S+)$");
  private static final Pattern LISTED =
      Pattern.compile("(?:^|member )([0-9a-f]{12,16})(?:\\[unstarted\\])?[: ]");

  /** Where v3 commands tell an id that was made of the time of day, in hexadecimal. */
  private static final List<Pattern> TOLD =
      List.of(
          Pattern.compile("(?m)^lease ([0-9a-f]{16}) granted with TTL"),
          Pattern.compile("(?m)^Member +([0-9a-f]{1,16}) added (?:as learner )?to cluster"),
          Pattern.compile("(?m)^[LE]/([0-9a-f]{12,16})$"),
          Pattern.compile("(?m)^ETCD_LOCK_KEY=L/([0-9a-f]{12,16})$"));

  /** The same in decimal. */
  private static final List<Pattern> TOLD_DECIMAL =
      List.of(
          Pattern.compile("\"ID\":(\\d{15,20}),\"TTL\""),
          Pattern.compile("(?m)^\"ID\" : (\\d{15,20})\n\"TTL\""));

  private final Map<String, String> replayed = new LinkedHashMap<>();

  /** Looks whether a command added a member, or lists one that was added without an answer. */
  void learn(Observation recorded, Observation actual) {
    Optional<String> then = added(recorded);
    Optional<String> now = added(actual);
    if (then.isPresent() && now.isPresent()) {
      put(then.get(), now.get());
    }
    Map<String, String> listedNow = unstarted(actual);
    unstarted(recorded)
        .forEach(
            (urls, id) -> {
              if (listedNow.containsKey(urls) && !replayed.containsKey(id)) {
                put(id, listedNow.getOrDefault(urls, id));
              }
            });
  }

  /** Looks whether a v3 command tells an id that only this run has. */
  void learnTold(String recorded, String actual) {
    TOLD.forEach(
        pattern ->
            first(pattern, recorded)
                .ifPresent(then -> first(pattern, actual).ifPresent(now -> putNew(then, now))));
    TOLD_DECIMAL.forEach(
        pattern ->
            first(pattern, recorded)
                .ifPresent(
                    then ->
                        first(pattern, actual)
                            .ifPresent(
                                now ->
                                    putNew(
                                        Long.toHexString(Long.parseUnsignedLong(then)),
                                        Long.toHexString(Long.parseUnsignedLong(now))))));
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private void putNew(String then, String now) {
    if (!then.equals(now) && !replayed.containsKey(then)) {
      put(then, now);
    }
  }

  private void put(String then, String now) {
    replayed.put(then, now);
    replayed.put(decimal(then), decimal(now));
  }

  /** Peer URLs to id. */
  private static Map<String, String> unstarted(Observation observation) {
    Map<String, String> members = new LinkedHashMap<>();
    UNSTARTED
        .matcher(observation.fields().getOrDefault("stdout", ""))
        .results()
        .forEach(match -> members.put(match.group(2), match.group(1)));
    return members;
  }

  private static Optional<String> added(Observation observation) {
    Matcher matcher = ADDED.matcher(observation.fields().getOrDefault("stdout", ""));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String decimal(String hex) {
    return Long.toUnsignedString(Long.parseUnsignedLong(hex, 16));
  }

  /** What to send in the place of recorded text. */
  String toReplayed(String recorded) {
    String text = recorded;
    for (Map.Entry<String, String> id : replayed.entrySet()) {
      text = text.replace(id.getKey(), id.getValue());
    }
    return text;
  }

  /** What was seen, as the recording would have told it. */
  Observation toRecorded(Observation actual) {
    if (replayed.isEmpty()) {
      return actual;
    }
    Observation told = actual;
    for (String field : actual.fields().keySet()) {
      if (field.equals("body") || field.endsWith("stdout") || field.endsWith("stderr")) {
        Optional<String> text = Optional.ofNullable(actual.fields().get(field));
        told = told.with(field, text.map(this::withRecordedIds).map(RunTimeIds::inOrder));
      }
    }
    return told;
  }

  private String withRecordedIds(String actual) {
    String text = actual;
    for (Map.Entry<String, String> id : replayed.entrySet()) {
      // Some answers pad an id to sixteen places, and one in sixteen ids needs it.
      text =
          text.replace("Member " + sixteenWide(id.getValue()), "Member " + sixteenWide(id.getKey()))
              .replace(id.getValue(), id.getKey());
    }
    return text;
  }

  private static String sixteenWide(String id) {
    return "%16s".formatted(id);
  }

  private static String inOrder(String text) {
    try {
      return text.startsWith("{\"members\":") || text.startsWith("[{\"id\":")
          ? sorted(Json.parse(text.strip())).render() + "\n"
          : linesInOrder(text);
    } catch (JsonSyntaxException e) {
      return text;
    }
  }

  private static Json sorted(Json value) {
    return switch (value) {
      case Json.Obj(var members) ->
          new Json.Obj(
              members.stream()
                  .map(member -> new Json.Member(member.name(), sorted(member.value())))
                  .toList());
      case Json.Arr(var items) ->
          new Json.Arr(items.stream().sorted(Comparator.comparing(RunTimeIds::id)).toList());
      case Json.Text text -> text;
      case Json.Scalar scalar -> scalar;
    };
  }

  private static String id(Json member) {
    String hex =
        member
            .string("id")
            .or(
                () ->
                    member
                        .get("id")
                        .map(id -> Long.toHexString(Long.parseUnsignedLong(id.render()))))
            .orElse("");
    return padded(hex);
  }

  private static String padded(String hex) {
    return "0".repeat(16 - Math.min(16, hex.length())) + hex;
  }

  /** Lines about members in the order of their ids; other lines stay behind them. */
  private static String linesInOrder(String text) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    if (lines.stream().filter(line -> LISTED.matcher(line).find()).count() < 2) {
      return text;
    }
    lines.sort(Comparator.comparing(RunTimeIds::idOfLine));
    return lines.stream().collect(Collectors.joining("\n"));
  }

  private static String idOfLine(String line) {
    Matcher matcher = LISTED.matcher(line);
    return matcher.find() ? padded(matcher.group(1)) : "g";
  }
}
