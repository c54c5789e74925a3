// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.tree.TreeView;
import java.util.function.Supplier;

/** The newest visible state of the v2 tree. Callable from any thread, never blocks. */
@FunctionalInterface
public interface KeySpace {

  /**
   * Reads one node with its children, or with everything below it.
   *
   * @return a GET event, or a refusal
   */
  Outcome get(Bytes path, boolean recursive, boolean sorted);

  /** The key space that {@code views} shows; each call may give a newer view. */
  static KeySpace of(Supplier<TreeView> views) {
    return (path, recursive, sorted) -> views.get().get(path, recursive, sorted);
  }
}
