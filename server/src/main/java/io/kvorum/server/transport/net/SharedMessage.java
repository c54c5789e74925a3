// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import io.vertx.core.buffer.Buffer;

/** A message that goes to many calls: made ready for the wire once. Immutable, any thread. */
public final class SharedMessage {
  private final Bytes message;
  private final Buffer framed;

  public SharedMessage(Bytes message) {
    this.message = message;
    this.framed = GrpcFrames.frame(message);
  }

  Bytes message() {
    return message;
  }

  /** Each write takes a view of its own of the same bytes. */
  Buffer framed() {
    return framed;
  }
}
