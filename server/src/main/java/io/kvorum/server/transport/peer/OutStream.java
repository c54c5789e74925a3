// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.Message;
import io.kvorum.server.transport.net.AbruptEnd;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;

/**
 * The writing end of a stream: the response to a peer that came to listen. Whatever is written
 * within one turn of the event loop leaves as one piece.
 */
final class OutStream {

  /** A peer this far behind in reading loses messages; raft sends them again. */
  static final int BEHIND_BYTES_MAX = 16 << 20;

  /** What gathers within one turn of the loop leaves earlier when it has become this large. */
  private static final int PIECE_BYTES = 1 << 20;

  /** A peer that has taken nothing for so long gets its connection cut (etcd: 5 s). */
  private static final long STUCK_NANOS_MAX = 5_000_000_000L;

  private static final long MOVES = -1;

  private final HttpConnection connection;
  private final HttpServerResponse response;
  private final FrameWriter frames;
  private ProtoWriter pending = new ProtoWriter();
  private long stuckSince = MOVES;

  OutStream(HttpConnection connection, HttpServerResponse response, FrameWriter frames) {
    this.connection = connection;
    this.response = response;
    this.frames = frames;
    response.setWriteQueueMaxSize(BEHIND_BYTES_MAX);
    response.drainHandler(drained -> stuckSince = MOVES);
  }

  /** Adds a message to the next piece; false when the reader is too far behind. */
  boolean add(Message message) {
    if (response.writeQueueFull() || response.ended()) {
      return false;
    }
    frames.write(pending, message);
    if (pending.length() >= PIECE_BYTES) {
      flush();
    }
    return true;
  }

  /** Keeps the stream alive; one whose reader stands still is not written to, and cut in time. */
  void heartbeat(long now) {
    if (!response.writeQueueFull()) {
      frames.heartbeat(pending);
      flush();
    } else if (stuckSince == MOVES) {
      stuckSince = now;
    } else if (now - stuckSince > STUCK_NANOS_MAX) {
      AbruptEnd.of(connection);
    }
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
