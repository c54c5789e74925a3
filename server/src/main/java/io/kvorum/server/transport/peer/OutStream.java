// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.Message;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * The writing end of a stream: the response to a peer that came to listen. Whatever is written
 * within one turn of the event loop leaves as one piece.
 */
final class OutStream {

  /** A peer this far behind in reading loses messages; raft sends them again. */
  private static final int BEHIND_BYTES_MAX = 16 << 20;

  private final HttpServerResponse response;
  private final FrameWriter frames;
  private ProtoWriter pending = new ProtoWriter();

  OutStream(HttpServerResponse response, FrameWriter frames) {
    this.response = response;
    this.frames = frames;
    response.setWriteQueueMaxSize(BEHIND_BYTES_MAX);
  }

  /** Adds a message to the next piece; false when the reader is too far behind. */
  boolean add(Message message) {
    if (response.writeQueueFull() || response.ended()) {
      return false;
    }
    frames.write(pending, message);
    return true;
  }

  void heartbeat() {
    frames.heartbeat(pending);
    flush();
  }

  void flush() {
    if (pending.length() > 0 && !response.ended() && !response.closed()) {
      response.write(Buffer.buffer(pending.take().toArray()));
      pending = new ProtoWriter();
    }
  }

  void close() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }
}
