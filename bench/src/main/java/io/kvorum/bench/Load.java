// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kind of request and how many connections repeat it, by {@code wrk}. */
record Load(Kind kind, int connections, int keys, Path folder) implements Workload {

  /** What is requested. */
  enum Kind {
    PUT("put"),
    GET("get"),
    QUORUM_GET("quorum-get");

    final String option;

    Kind(String option) {
      this.option = option;
    }
  }

  /** Values of 256 bytes, keys in turn. */
  private static final String SCRIPT =
      """
      wrk.method = "PUT"
      wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
      wrk.body = "value=" .. string.rep("x", 256)
      local n = 0
      request = function()
        n = n + 1
        return wrk.format("PUT", "/v2/keys/bench/k" .. (n % KEYS))
      end
      """;

  private static final Pattern LATENCY = Pattern.compile("(50|99)%\\s+([0-9.]+)(us|ms|s)");

  @Override
  public int underWay() {
    return connections;
  }

  @Override
  public boolean writes() {
    return kind == Kind.PUT;
  }

  @Override
  public Result run(String member, int seconds) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "wrk", "-t1", "-c" + connections, "-d" + seconds, "--latency", "--timeout", "10"));
    switch (kind) {
      case PUT -> {
        Path script = folder.resolve("put.lua");
        Files.writeString(script, SCRIPT.replace("KEYS", Integer.toString(keys)));
        command.addAll(List.of("-s", script.toString(), member));
      }
      case GET -> command.add(member + "/v2/keys/bench/k1");
      case QUORUM_GET -> command.add(member + "/v2/keys/bench/k1?quorum=true");
    }
    return parse(Shell.run(command), writes());
  }

  static Result parse(String output, boolean writes) {
    double p50 = 0;
    double p99 = 0;
    Matcher latency = LATENCY.matcher(output);
    while (latency.find()) {
      double millis = Double.parseDouble(latency.group(2)) * millis(latency.group(3));
      if (latency.group(1).equals("50")) {
        p50 = millis;
      } else {
        p99 = millis;
      }
    }
    double requests = number(output, "(\\d+) requests in");
    double perSecond = number(output, "Requests/sec:\\s+([0-9.]+)");
    if (requests == 0) {
      throw new IllegalStateException("wrk measured nothing: " + output);
    }
    double failed =
        number(output, "Non-2xx or 3xx responses: (\\d+)")
            + number(output, "timeout (\\d+)")
            + number(output, "read (\\d+)");
    return new Result(
        (long) requests, perSecond, p50, p99, (long) failed, writes ? (long) requests : 0);
  }

  private static double millis(String unit) {
    return switch (unit) {
      case "us" -> 0.001;
      case "ms" -> 1;
      default -> 1_000;
    };
  }

  private static double number(String output, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(output);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
  }

  @Override
  public String toString() {
    return "%s, %d connection%s"
        .formatted(kind.option.replace('-', ' '), connections, connections == 1 ? "" : "s");
  }
}
