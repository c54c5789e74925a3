// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;

/** Makes the hashes of passwords that came through the log as they are, as 3.4 sends them. */
public interface PlainPasswords {

  /**
   * The text of the hash of {@code plain}; the same whenever it is asked for, and on each of our
   * members of equal cost.
   *
   * @param requestId of the entry that brought it
   */
  Bytes hash(long requestId, String plain);

  /** Hashes where it is asked: for a start, when nobody waits for this thread yet. */
  static PlainPasswords atOnce(int cost) {
    return (requestId, plain) -> BcryptHash.of(plain, cost, requestId);
  }
}
