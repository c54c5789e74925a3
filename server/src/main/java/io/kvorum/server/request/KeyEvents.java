// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.TreeEvent;
import java.util.Optional;

/** The events of one running watch. Any thread, one at a time. */
public interface KeyEvents {

  /** Takes the next event, if there is one by now. */
  Optional<TreeEvent> poll();

  /** Whether {@link #poll} will never have anything again. */
  boolean hasEnded();

  /** The store index when the watch began. */
  long startIndex();

  /** The client is gone. Safe to call twice, and after the end. */
  void close();
}
