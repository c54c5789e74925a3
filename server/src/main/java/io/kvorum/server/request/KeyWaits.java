// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.watch.TreeWatches;

/** Where watches of the v2 tree begin. Callable from any thread, never blocks. */
@FunctionalInterface
public interface KeyWaits {

  /**
   * Begins a watch.
   *
   * @param index the first index that counts, 0 for what comes next
   * @param ready called from any thread when there may be something to take; must be quick
   */
  Beginning watch(Bytes path, boolean recursive, boolean stream, long index, Runnable ready);

  /** The waits of the tree. */
  static KeyWaits of(TreeWatches watches) {
    return (path, recursive, stream, index, ready) ->
        switch (watches.watch(path, recursive, stream, index, ready::run)) {
          case TreeWatches.Start.Watching(var subscription) ->
              new Begun(new TreeKeyEvents(subscription));
          case TreeWatches.Start.Refused(var refusal) -> new Refused(refusal);
        };
  }

  /** What came of it. */
  sealed interface Beginning {}

  /** It runs. */
  record Begun(KeyEvents events) implements Beginning {}

  /** The history does not reach back far enough. */
  record Refused(Refusal.Tree refusal) implements Beginning {}
}
