// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Gathers the body of a request up to a bound. What comes beyond is not gathered: the body is
 * handed over as far as it got, its reader finds that it makes no sense, and the connection is
 * closed behind the answer.
 */
final class BodyInHand {

  /** etcd reads no larger message from a peer (3.4: 64 MiB). */
  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  /** A v2 tree beyond this size can not be received. */
  static final long SNAPSHOT_BYTES_MAX = 512L << 20;

  private final HttpServerRequest request;
  private final Buffer gathered = Buffer.buffer();
  private boolean handedOver;

  BodyInHand(HttpServerRequest request) {
    this.request = request;
  }

  /** A message without a length of its own. */
  void gather(Consumer<Buffer> then) {
    gather(then, MESSAGE_BYTES_MAX);
  }

  /** A message behind its length; what follows it is not wanted. */
  void gatherSnapshot(Consumer<Buffer> then) {
    gather(then, -1);
  }

  private void gather(Consumer<Buffer> then, long max) {
    request.handler(
        piece -> {
          if (!handedOver) {
            gathered.appendBuffer(piece);
            if (gathered.length() > (max >= 0 ? max : announced())) {
              request.response().putHeader("Connection", "close");
              handOver(then);
            }
          }
        });
    request.endHandler(end -> handOver(then));
  }

  private void handOver(Consumer<Buffer> then) {
    if (!handedOver) {
      handedOver = true;
      then.accept(gathered);
    }
  }

  /** How much the body says it wants; a length that makes no sense wants nothing more. */
  private long announced() {
    if (gathered.length() < Long.BYTES) {
      return Long.BYTES;
    }
    long length = gathered.getLong(0);
    return length < 0 || length > SNAPSHOT_BYTES_MAX ? 0 : length + Long.BYTES;
  }
}
