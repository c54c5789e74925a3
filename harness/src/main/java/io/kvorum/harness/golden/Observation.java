// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.CommandResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was seen in one step, recorded or now, as named fields: {@code status}, {@code reason},
 * {@code header <name>} (lower case; repeated ones joined), {@code framing}, {@code body}, {@code
 * end} (how a long poll ended), {@code error} (why there is no answer); {@code stdout}, {@code
 * stderr}, {@code exit} of a command; {@code exit} of a stopped server.
 *
 * <p>{@code framing} stands for {@code Content-Length} and {@code Transfer-Encoding}: {@code none},
 * {@code length}, {@code length N} (answers to HEAD), {@code chunked}, {@code long} (over 2 kB,
 * where either is right), or a text that says what is wrong with them.
 */
public record Observation(Map<String, String> fields) {
  /** Above this many bytes a server is free to choose chunks; etcd's own choice depends on Go. */
  private static final int FREE_FRAMING_BYTES = 2048;

  public Observation {
    fields = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /** The same with one field replaced, or removed when there is no value. */
  Observation with(String field, Optional<String> value) {
    SortedMap<String, String> changed = new TreeMap<>(fields);
    changed.remove(field);
    value.ifPresent(v -> changed.put(field, v));
    return new Observation(changed);
  }

  /** The same without one field. */
  Observation without(String field) {
    return with(field, Optional.empty());
  }

  static Observation of(HttpReply reply, String method) {
    SortedMap<String, String> fields = new TreeMap<>();
    fields.put("status", Integer.toString(reply.status()));
    fields.put("reason", reply.reason());
    fields.put("body", reply.body());
    fields.put("framing", framing(reply, method));
    for (Header header : reply.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (!name.equals("content-length") && !name.equals("transfer-encoding")) {
        fields.merge("header " + name, header.value(), (a, b) -> a + " | " + b);
      }
    }
    return new Observation(fields);
  }

  static Observation ofFailure(String error) {
    return new Observation(Map.of("error", error));
  }

  static Observation of(CommandResult result) {
    return new Observation(
        Map.of(
            "exit", Integer.toString(result.exit()),
            "stdout", result.stdout(),
            "stderr", result.stderr()));
  }

  /** A command that does not end, and what it said so far. */
  static Observation ofHanging(String stdout, String stderr) {
    return new Observation(Map.of("exit", "none", "stdout", stdout, "stderr", stderr));
  }

  /** The {@code response} of a recorded exchange or long poll. */
  static Observation ofRecordedReply(Json response, String method) {
    Optional<String> error = response.string("error");
    if (error.isPresent()) {
      return ofFailure(error.get());
    }
    List<Header> headers = new ArrayList<>();
    for (Json pair : response.items("headers")) {
      if (pair instanceof Json.Arr(var items)) {
        headers.add(
            new Header(((Json.Text) items.get(0)).value(), ((Json.Text) items.get(1)).value()));
      }
    }
    String body = response.string("body").orElseThrow();
    int bytes =
        response
            .number("body_truncated_from")
            .map(Math::toIntExact)
            .orElse(body.getBytes(StandardCharsets.UTF_8).length);
    int status = Math.toIntExact(response.number("status").orElseThrow());
    String reason = response.string("reason").orElse("");
    Observation seen = of(new HttpReply(status, reason, headers, body, bytes), method);
    seen = seen.with("end", response.string("end"));
    return response.string("reason").isPresent() ? seen : seen.without("reason");
  }

  /** The outcome of a recorded command; one that had to be killed has no status. */
  static Observation ofRecordedCommand(Json step) {
    return new Observation(
        Map.of(
            "exit", step.get("exit").orElseThrow().render().replace("null", "none"),
            "stdout", step.string("stdout").orElseThrow(),
            "stderr", step.string("stderr").orElseThrow()));
  }

  private static String framing(HttpReply reply, String method) {
    Optional<String> length = reply.header("Content-Length");
    boolean chunked = reply.header("Transfer-Encoding").isPresent();
    if (length.isPresent() && chunked) {
      return "both length and chunks";
    }
    if (method.equals("HEAD")) {
      return length.map(l -> "length " + l).orElse("none");
    }
    if (length.isPresent() && !length.get().equals(Integer.toString(reply.bodyBytes()))) {
      return "length %s of %d bytes".formatted(length.get(), reply.bodyBytes());
    }
    if (reply.bodyBytes() > FREE_FRAMING_BYTES && (length.isPresent() || chunked)) {
      return "long";
    }
    return length.isPresent() ? "length" : chunked ? "chunked" : "none";
  }
}
