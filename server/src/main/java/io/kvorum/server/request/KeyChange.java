// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.TreeCommand.Condition;
import java.util.Optional;

/** A change of one key, as a client words it. */
public sealed interface KeyChange {

  /**
   * Create, replace, update or swap, depending on the conditions.
   *
   * @param timeToLive absent: for ever
   * @param mustExist the client's {@code prevExist}
   * @param refresh only the time to live changes
   */
  record Put(
      Bytes value,
      boolean directory,
      Optional<TimeToLive> timeToLive,
      Optional<Boolean> mustExist,
      Condition condition,
      boolean refresh)
      implements KeyChange {}

  /** A new child named after the index of its creation. */
  record Post(Bytes value, boolean directory, Optional<TimeToLive> timeToLive)
      implements KeyChange {}

  /** Remove; a recursive removal takes directories as they are. */
  record Remove(boolean directory, boolean recursive, Condition condition) implements KeyChange {}
}
