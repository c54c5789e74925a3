// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

/** The body of a request that is not whole yet. Owned by the event loop. */
interface OpenBody {

  /** Ends its connection when nothing has come for too long, as of {@code now}. */
  void cutIfStalled(long now);
}
