// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.server.command.EncodedEvent;
import java.util.List;

/** Everything that one revision changed. */
record Change(long revision, List<EncodedEvent> events) {

  Change {
    events = List.copyOf(events);
  }

  long bytes() {
    long bytes = 64;
    for (EncodedEvent event : events) {
      bytes += event.bytes();
    }
    return bytes;
  }
}
