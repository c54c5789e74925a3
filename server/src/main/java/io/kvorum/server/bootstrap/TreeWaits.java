// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.request.KeyEvents;
import io.kvorum.server.request.KeyWaits;
import io.kvorum.server.watch.Subscription;
import io.kvorum.server.watch.TreeWatches;
import java.util.Optional;

/** The v2 waits in the words of requests. */
final class TreeWaits {

  private TreeWaits() {}

  static KeyWaits of(TreeWatches watches) {
    return (path, recursive, stream, index, ready) ->
        switch (watches.watch(path, recursive, stream, index, ready::run)) {
          case TreeWatches.Start.Watching(Subscription subscription) ->
              new KeyWaits.Begun(new Events(subscription));
          case TreeWatches.Start.Refused refused -> new KeyWaits.Refused(refused.refusal());
        };
  }

  private record Events(Subscription subscription) implements KeyEvents {

    @Override
    public Optional<TreeEvent> poll() {
      return subscription.poll();
    }

    @Override
    public boolean hasEnded() {
      return subscription.hasEnded();
    }

    @Override
    public long startIndex() {
      return subscription.startIndex();
    }

    @Override
    public void close() {
      subscription.close();
    }
  }
}
