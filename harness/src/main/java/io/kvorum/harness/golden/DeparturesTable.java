// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reviewed list as a Markdown table, for people. The list is the source; the page that shows it
 * is compared with this text by a test.
 */
public final class DeparturesTable {
  private static final int SHOWN = 90;

  private DeparturesTable() {}

  /** The table, its last line ended. */
  public static String render(Departures departures) {
    StringBuilder table = new StringBuilder();
    table.append("| recording | line | field | recorded | Kvorum | why |\n");
    table.append("|---|---|---|---|---|---|\n");
    Map<String, List<Integer>> excluded = new LinkedHashMap<>();
    for (Departure departure : departures.all()) {
      switch (departure) {
        case Departure.Differs d ->
            row(
                table,
                d.file(),
                Integer.toString(d.n()),
                d.field(),
                show(recorded(d)),
                show(d.ours()),
                d.reason());
        case Departure.Reworded r ->
            row(
                table,
                r.file(),
                Integer.toString(r.n()),
                "arguments",
                "as recorded",
                show(Optional.of(String.join(" ", r.argv()))),
                r.reason());
        case Departure.Delayed d ->
            row(
                table,
                d.file(),
                Integer.toString(d.n()),
                "time",
                "as recorded",
                "%d s later".formatted(d.seconds()),
                d.reason());
        case Departure.Excluded e ->
            excluded
                .computeIfAbsent(e.file() + "|" + e.reason(), key -> new ArrayList<>())
                .add(e.n());
      }
    }
    excluded.forEach(
        (key, lines) -> {
          String[] fileAndReason = key.split("\\|", 2);
          row(
              table,
              fileAndReason[0],
              ranges(lines),
              "all",
              "as recorded",
              "not replayed",
              fileAndReason[1]);
        });
    return table.toString();
  }

  private static void row(StringBuilder table, String... cells) {
    table.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** Lines one after the other as one range: {@code 3, 7–9}. */
  private static String ranges(List<Integer> lines) {
    List<String> ranges = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= lines.size(); i++) {
      if (i == lines.size() || lines.get(i) != lines.get(i - 1) + 1) {
        int first = lines.get(start);
        int last = lines.get(i - 1);
        ranges.add(first == last ? Integer.toString(first) : first + "–" + last);
        start = i;
      }
    }
    return String.join(", ", ranges);
  }

  private static Optional<String> recorded(Departure.Differs departure) {
    Json line =
        Transcript.lines(departure.file()).stream()
            .map(Json::parse)
            .filter(one -> one.number("n").orElse(0L) == departure.n())
            .findFirst()
            .orElseThrow();
    Observation recorded =
        departure.file().contains("/gateway-")
            ? GatewayStep.of(line).recorded()
            : observation(departure.n(), line);
    return Optional.ofNullable(recorded.fields().get(departure.field()));
  }

  private static Observation observation(int n, Json line) {
    V3Lines v3 = new V3Lines(Map.of());
    return switch (line.string("kind").orElse("")) {
      case "run" -> v3.command(n, line).recorded();
      case "background" -> v3.background(n, line).recorded();
      default ->
          line.get("response").isPresent()
              ? Observation.ofRecordedReply(line.get("response").orElseThrow(), "GET")
              : Observation.ofRecordedCommand(line);
    };
  }

  private static String show(Optional<String> value) {
    if (value.isEmpty()) {
      return "none";
    }
    String text = value.get().replace("\n", "\\n").replace("|", "\\|").replace("`", "'");
    boolean cut = text.length() > SHOWN;
    return text.isEmpty() ? "empty" : "`" + (cut ? text.substring(0, SHOWN) + "…" : text) + "`";
  }
}
