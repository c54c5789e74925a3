// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.server.command.KeyEvent;
import java.util.List;

/**
 * A piece of the past, whole revisions only.
 *
 * @param events in the order of revisions
 * @param next the first revision that may have events which are not here; behind the newest one
 *     when none is missing
 */
public record History(List<KeyEvent> events, long next) {

  public History {
    events = List.copyOf(events);
  }
}
