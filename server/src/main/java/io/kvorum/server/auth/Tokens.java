// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import java.util.List;
import java.util.Optional;

/**
 * Tokens of one kind: makes them for who logs in, and tells whose they are. What is inside lives in
 * this member's memory and by its clock; none of it is state. Any thread.
 */
public interface Tokens {

  /**
   * Who bears a token.
   *
   * @param authRevision of users and roles when it was made; empty for a kind that does not tell,
   *     whose tokens count for the present one
   */
  record Bearer(String user, Optional<Long> authRevision) {}

  /** What a log-in takes through the log, for every member to make the same token of; or empty. */
  String part();

  /**
   * The token for who has logged in.
   *
   * @param applied what came out of the log
   * @return empty when this member has no key to make one
   */
  Optional<String> issue(String user, long authRevision, String applied);

  /** Whose token it is, as this member knows now; asking keeps it alive. */
  Optional<Bearer> bearer(String token);

  /**
   * The log index at which every member knows {@code token}; 0 for one that needs no log, and for
   * what is no token.
   */
  long knownFrom(String token);

  /** Hears what applied commands mean for tokens. The apply thread, in order. */
  void changed(List<TokenChange> changes);

  /** Forgets what has run out. To be called about once per second. */
  void sweep();
}
