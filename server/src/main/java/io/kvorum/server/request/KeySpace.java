// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Outcome;

/** The newest visible state of the v2 tree. Callable from any thread, never blocks. */
@FunctionalInterface
public interface KeySpace {

  /**
   * Reads one node with its children, or with everything below it.
   *
   * @return a GET event, or a refusal
   */
  Outcome get(Bytes path, boolean recursive, boolean sorted);
}
