// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import java.util.List;

/**
 * What one message tells a watcher: whole revisions, in order. Watchers that want the same and are
 * equally far share one object, so its identity tells whether a message is written already.
 */
public final class WatchEvents {

  private final List<EncodedEvent> events;
  private final long revision;

  /**
   * @param events not empty
   * @param revision of the keyspace, as far as this was known when it was put together
   */
  public WatchEvents(List<EncodedEvent> events, long revision) {
    this.events = List.copyOf(events);
    this.revision = revision;
  }

  public List<EncodedEvent> events() {
    return events;
  }

  public long revision() {
    return revision;
  }

  /** For messages and test failures. */
  @Override
  public String toString() {
    return events + " at " + revision;
  }
}
