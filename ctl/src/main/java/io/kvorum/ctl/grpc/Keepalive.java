// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

/**
 * When a silent server is asked whether it is there, and how long it has for the answer.
 *
 * @param idleMillis at least 10 s: servers end connections that ask more often
 */
public record Keepalive(int idleMillis, int answerMillis) {

  private static final long IDLE_MILLIS_MIN = 10_000;

  /** From what was asked for, in nanoseconds. */
  public static Keepalive ofNanos(long idle, long answer) {
    return new Keepalive(
        (int) Math.min(Math.max(idle / 1_000_000, IDLE_MILLIS_MIN), Integer.MAX_VALUE),
        (int) Math.min(Math.max(answer / 1_000_000, 1), Integer.MAX_VALUE));
  }
}
