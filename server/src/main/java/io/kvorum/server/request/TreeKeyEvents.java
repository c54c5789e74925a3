// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.watch.Subscription;
import java.util.Optional;

/** The events of a wait of the tree. */
record TreeKeyEvents(Subscription subscription) implements KeyEvents {

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
