// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.server.consensus.StateForPeer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The body of one snapshot request on its way out: a head, then the database at the pace of the
 * connection, written by a worker that waits for each piece to leave before it makes the next.
 */
final class SnapshotUpload {

  /** A connection that takes nothing for this long is given up. */
  private static final long PIECE_PATIENCE_SECONDS = 30;

  private final Vertx vertx;
  private final HttpClientRequest request;
  private final Buffer head;
  private final StateForPeer state;

  SnapshotUpload(Vertx vertx, HttpClientRequest request, Buffer head, StateForPeer state) {
    this.vertx = vertx;
    this.request = request;
    this.head = head;
    this.state = state;
  }

  /** The status in {@code answer}; completes after the state is used for the last time. */
  Future<Integer> run(Future<Integer> answer) {
    Future<?> body =
        request
            .write(head)
            .compose(written -> vertx.executeBlocking(this::writeDatabase, false))
            .compose(written -> request.end());
    // Whichever ends badly first ends the other.
    body.onFailure(failure -> request.reset());
    answer.onComplete(
        done -> {
          // A good answer may overtake the news that the last piece has left.
          if (done.failed() || done.result() != Pipeline.NO_CONTENT) {
            request.reset();
          }
        });
    return Future.join(answer, body).compose(both -> answer);
  }

  private boolean writeDatabase() throws IOException {
    state.writeDatabase(this::write);
    return true;
  }

  private void write(ByteBuffer bytes) throws IOException {
    byte[] piece = new byte[bytes.remaining()];
    bytes.get(piece);
    try {
      request
          .write(Buffer.buffer(piece))
          .toCompletionStage()
          .toCompletableFuture()
          .get(PIECE_PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IOException("snapshot: the connection does not take it", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("snapshot: stopped while sending");
    }
  }
}
