// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compares answers of a server. Not compared: the value of {@code Date}, of {@code X-Raft-Index}
 * and of {@code X-Raft-Term} (they must be well formed); which of length and chunks frames a body
 * over 2 kB; the whole bodies, and so the framing, of {@code /metrics} and {@code /debug/vars}; in
 * {@code /v2/stats} times, rates, latencies and message counters, and the counters of reads, to
 * which the harness's own questions add; the time in {@code /raft/probing}; and what {@link
 * JsonComparison} names. Header names are compared without their case, headers without their order.
 *
 * @param target path and query of the request
 * @param lag as in {@link JsonComparison}
 */
record HttpComparison(String target, long lag) implements Comparison {
  private static final Pattern DATE =
      Pattern.compile("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
  private static final Set<String> FRAMINGS = Set.of("length", "chunked", "long");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  @Override
  public boolean same(String field, String expected, String actual) {
    return switch (field) {
      case "header date" -> DATE.matcher(actual).matches();
      case "header x-raft-index", "header x-raft-term" -> NUMBER.matcher(actual).matches();
      case "framing" -> expected.equals(actual) || (isVolatile() && FRAMINGS.contains(actual));
      case "body" -> sameBody(expected, actual);
      default -> expected.equals(actual);
    };
  }

  private boolean sameBody(String expected, String actual) {
    if (isVolatile()) {
      return expected.isEmpty() == actual.isEmpty();
    }
    return switch (target.replaceFirst("\\?.*", "")) {
      case "/v2/stats/self" ->
          json(
                  Set.of("startTime", "uptime", "recvAppendRequestCnt", "sendAppendRequestCnt"),
                  Set.of("recvPkgRate", "recvBandwidthRate", "sendPkgRate", "sendBandwidthRate"))
              .sameText(expected, actual);
      case "/v2/stats/leader" ->
          json(Set.of("latency", "counts"), Set.of()).sameText(expected, actual);
      case "/v2/stats/store" ->
          json(Set.of("getsFail", "getsSuccess"), Set.of()).sameText(expected, actual);
      case "/raft/probing" -> json(Set.of("Now"), Set.of()).sameText(expected, actual);
      default -> json(Set.of(), Set.of()).sameText(expected, actual);
    };
  }

  private boolean isVolatile() {
    return target.equals("/metrics") || target.equals("/debug/vars");
  }

  private JsonComparison json(Set<String> volatileNames, Set<String> optionalNames) {
    boolean inOrder = target.contains("sorted=true");
    return new JsonComparison(inOrder, lag, volatileNames, optionalNames);
  }
}
