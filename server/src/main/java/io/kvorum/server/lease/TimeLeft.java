// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

/** How long a lease has to live. */
public sealed interface TimeLeft {

  /**
   * It stands.
   *
   * @param grantedSeconds its full time
   * @param remainingMillis not above 0 when it ran out and is not yet revoked
   */
  record Known(long grantedSeconds, long remainingMillis) implements TimeLeft {}

  /** There is none, as far as this member has applied the log. */
  record Unknown() implements TimeLeft {}

  /** Another member has to be asked, or this one later. */
  record NotLeading() implements TimeLeft {}

  /** Too many wait already. */
  record TooMany() implements TimeLeft {}
}
