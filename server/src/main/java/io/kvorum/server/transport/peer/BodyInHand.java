// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.server.transport.net.AbruptEnd;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Gathers the body of a request up to a bound. What comes beyond is not gathered: the body is
 * handed over as far as it got, its reader finds that it makes no sense, and the connection is
 * closed behind the answer.
 */
final class BodyInHand implements OpenBody {

  /** etcd reads no larger message from a peer (3.4: 64 MiB). */
  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  /** One who began a body and says nothing for so long is cut (etcd: 5 s). */
  static final long SILENCE_NANOS_MAX = 5_000_000_000L;

  private static final long LINGER_MILLIS = 500;

  private final HttpServerRequest request;
  private final PeerNetwork network;
  private final Buffer gathered = Buffer.buffer();
  private boolean handedOver;
  private long lastReadAt;

  BodyInHand(HttpServerRequest request, PeerNetwork network) {
    this.request = request;
    this.network = network;
    lastReadAt = network.clock().monotonicNanos();
  }

  /** A message without a length of its own. */
  void gather(Consumer<Buffer> then) {
    network.bodies().add(this);
    request.exceptionHandler(broken -> network.bodies().remove(this, gathered.length()));
    request.handler(
        piece -> {
          if (!handedOver) {
            take(piece);
            if (gathered.length() > MESSAGE_BYTES_MAX) {
              request.response().putHeader("Connection", "close");
              request.response().endHandler(answered -> closeSoon(request, network));
              handOver(then);
            }
          }
        });
    request.endHandler(end -> handOver(then));
  }

  /** At once, the answer would be lost on one who is still sending (Go's server waits as long). */
  static void closeSoon(HttpServerRequest request, PeerNetwork network) {
    network.vertx().setTimer(LINGER_MILLIS, timer -> AbruptEnd.of(request.connection()));
  }

  private void take(Buffer piece) {
    lastReadAt = network.clock().monotonicNanos();
    if (network.bodies().take(piece.length())) {
      gathered.appendBuffer(piece);
    } else {
      cut("too much comes in at once");
    }
  }

  @Override
  public void cutIfStalled(long now) {
    if (now - lastReadAt > SILENCE_NANOS_MAX) {
      cut("the rest of a request does not come");
    }
  }

  private void cut(String reason) {
    handedOver = true;
    network.bodies().remove(this, gathered.length());
    network.complain("cutting a connection: " + reason, request);
    AbruptEnd.of(request.connection());
  }

  private void handOver(Consumer<Buffer> then) {
    if (!handedOver) {
      handedOver = true;
      network.bodies().remove(this, gathered.length());
      then.accept(gathered);
    }
  }
}
