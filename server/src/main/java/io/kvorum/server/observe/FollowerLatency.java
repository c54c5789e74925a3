// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

/** How a follower answered this leader, in milliseconds. */
public record FollowerLatency(
    double current,
    double average,
    double standardDeviation,
    double minimum,
    double maximum,
    long failures,
    long successes) {

  /** Before the first answer: the minimum starts where etcd starts it. */
  static final FollowerLatency NONE = new FollowerLatency(0, 0, 0, 0x1p63, 0, 0, 0);

  FollowerLatency answered(double millis) {
    double total = average * successes;
    double squares = (standardDeviation * standardDeviation + average * average) * successes;
    long count = successes + 1;
    double mean = (total + millis) / count;
    double variance = (squares + millis * millis) / count - mean * mean;
    return new FollowerLatency(
        millis,
        mean,
        Math.sqrt(Math.max(0, variance)),
        Math.min(minimum, millis),
        Math.max(maximum, millis),
        failures,
        count);
  }

  FollowerLatency failed() {
    return new FollowerLatency(
        current, average, standardDeviation, minimum, maximum, failures + 1, successes);
  }
}
