// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.server.command.TreeEvent;
import java.util.Optional;

/**
 * One wait of a client. Poll once after it was made (the history may hold an answer already), and
 * again each time the listener is called. Any thread, one at a time.
 */
public interface Subscription extends AutoCloseable {

  /** The next event, if there is one by now. */
  Optional<TreeEvent> poll();

  /**
   * Whether {@link #poll} will never have anything again: the one event was taken, the stream did
   * not keep up, or it was closed.
   */
  boolean hasEnded();

  /** The store index when the watch began: its answer's {@code X-Etcd-Index}. */
  long startIndex();

  /** The client is gone. Again and again does no harm. */
  @Override
  void close();
}
