// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a recording of the JSON gateway.
 *
 * @param streams whether the answer may last; then {@code during} was asked while it did
 * @param during requests made one by one while the stream was open
 * @param recorded what was answered to the request itself, then to those of {@code during}
 */
record GatewayStep(
    int n, boolean streams, HttpCall call, List<HttpCall> during, Observation recorded) {

  private static final Pattern MEMBER = Pattern.compile("\"member_id\":\"(\\d+)\"");

  /** The headers that are compared; the others are HTTP's own, or say the same as these. */
  private static final List<String> HEADERS =
      List.of("content-type", "access-control-allow-origin", "grpc-metadata-content-type");

  static GatewayStep of(Json line) {
    int n = Math.toIntExact(line.number("n").orElseThrow());
    boolean streams = line.string("kind").orElseThrow().equals("stream");
    Map<String, String> fields = new TreeMap<>(streams ? streamed(line) : answered(line));
    List<HttpCall> during = new ArrayList<>();
    for (Json other : line.items("during")) {
      during.add(call(other));
      answered(other)
          .forEach((field, value) -> fields.put("during " + during.size() + " " + field, value));
    }
    return new GatewayStep(n, streams, call(line), during, new Observation(fields));
  }

  private static HttpCall call(Json line) {
    List<Header> headers = new ArrayList<>();
    if (line.get("request_headers").orElse(new Json.Obj(List.of())) instanceof Json.Obj(var all)) {
      all.forEach(h -> headers.add(new Header(h.name(), ((Json.Text) h.value()).value())));
    }
    return new HttpCall(
        line.string("method").orElse("POST"),
        line.string("path").orElseThrow(),
        headers,
        line.string("request_body"));
  }

  private static Map<String, String> answered(Json line) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("status", line.number("status").orElseThrow().toString());
    fields.put("body", line.string("response_body").orElse(""));
    if (line.get("headers").orElse(new Json.Obj(List.of())) instanceof Json.Obj(var all)) {
      all.forEach(h -> putHeader(fields, h.name(), ((Json.Text) h.value()).value()));
    }
    return fields;
  }

  private static Map<String, String> streamed(Json line) {
    Map<String, String> fields = new TreeMap<>();
    String status = line.string("status_line").orElse("");
    if (status.isEmpty()) {
      fields.put("end", "no answer yet");
      return fields;
    }
    fields.put("status", status.split(" ", 3)[1]);
    if (line.get("messages").isPresent()) {
      fields.put("shape", shape(line.items("messages")));
    } else {
      fields.put("body", String.join("", line.strings("chunks")));
    }
    fields.put("end", line.isTrue("server_ended_stream") ? "by the server" : "open");
    for (String header : line.strings("headers")) {
      int colon = header.indexOf(':');
      putHeader(fields, header.substring(0, colon), header.substring(colon + 1).strip());
    }
    return fields;
  }

  /** Whether pieces of a snapshot count down and end with a digest: all that two files share. */
  private static String shape(List<Json> messages) {
    List<Long> sizes =
        messages.stream().map(message -> message.number("blob_bytes").orElse(-1L)).toList();
    List<Long> remaining =
        messages.stream()
            .map(
                message ->
                    message
                        .number("remaining_bytes")
                        .or(() -> message.string("remaining_bytes").map(Long::valueOf))
                        .orElse(0L))
            .toList();
    return shape(sizes, remaining);
  }

  /** The same of an answer as it came. */
  static String shapeOf(String body) {
    List<Long> sizes = new ArrayList<>();
    List<Long> remaining = new ArrayList<>();
    body.lines()
        .map(line -> Json.parse(line).get("result").orElseThrow())
        .forEach(
            message -> {
              sizes.add(
                  (long) Base64.getDecoder().decode(message.string("blob").orElse("")).length);
              remaining.add(message.string("remaining_bytes").map(Long::valueOf).orElse(0L));
            });
    return shape(sizes, remaining);
  }

  private static String shape(List<Long> sizes, List<Long> remaining) {
    int last = sizes.size() - 1;
    for (int i = 0; i < last; i++) {
      long rest = sizes.subList(i + 1, last).stream().mapToLong(Long::longValue).sum();
      boolean whole = i == last - 1 || sizes.get(i) == 32_768;
      if (!whole || remaining.get(i) != rest) {
        return "piece " + i + " of " + sizes + " says " + remaining;
      }
    }
    return last > 0 && sizes.get(last) == 32 && remaining.get(last) == 0
        ? "pieces of 32 KiB that count down, and a digest"
        : "no digest behind " + sizes;
  }

  static void putHeader(Map<String, String> fields, String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (HEADERS.contains(lower)) {
      fields.put("header " + lower, value);
    }
  }

  /** The decimal id of the member that answered, when the answer tells. */
  Optional<String> answeredBy() {
    Matcher matcher = MEMBER.matcher(recorded.fields().getOrDefault("body", ""));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** How many lines a stream's answer has. */
  int lines() {
    return Math.toIntExact(recorded.fields().getOrDefault("body", "").lines().count());
  }
}
