// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/**
 * Raises, ends or lists alarms of the cluster.
 *
 * @param memberId as it was given; 0 is an id like any other
 * @param type {@link #NONE}, {@link #NO_SPACE}, {@link #CORRUPT}, or another number, which members
 *     keep as it is
 */
public record AlarmCommand(Action action, long memberId, int type) implements V3Command {

  /** No alarm in particular. */
  public static final int NONE = 0;

  /** A member's database has reached its quota. */
  public static final int NO_SPACE = 1;

  /** A member's data differs from the others'. */
  public static final int CORRUPT = 2;

  /** What raises {@code alarm}. */
  public static AlarmCommand raise(Alarm alarm) {
    return new AlarmCommand(Action.ACTIVATE, alarm.memberId(), alarm.type());
  }

  /** What to do; the order is the protocol's numbering. */
  public enum Action {
    /** A read, which goes through the log up to 3.7. */
    GET,
    ACTIVATE,
    DEACTIVATE
  }
}
