// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

/** What an applied command means for the tokens that every member keeps for itself. */
public sealed interface TokenChange {

  /** Somebody logged in. */
  record Issued(String token, String user) implements TokenChange {

    /** The token stays out of logs. */
    @Override
    public String toString() {
      return "Issued[user=" + user + "]";
    }
  }

  /** A user is gone or has another password. */
  record UserChanged(String user) implements TokenChange {}

  /** Nobody is logged in any more. */
  record AllEnded() implements TokenChange {}
}
