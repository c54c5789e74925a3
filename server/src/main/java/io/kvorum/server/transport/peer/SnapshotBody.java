// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.Bytes;
import io.kvorum.server.consensus.SnapshotReceipt;
import io.kvorum.server.transport.net.AbruptEnd;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a snapshot: a length, a message of that length, then a database to the end.
 *
 * <p>The message is gathered; the database goes piece by piece to the disk, which is nothing for
 * the event loop: while a piece is being written the connection is not read.
 */
final class SnapshotBody implements OpenBody {

  /** A v2 tree beyond this size can not be received. */
  static final long MESSAGE_BYTES_MAX = 512L << 20;

  /** Decides about a body by its message, and answers at its end. */
  interface Reader {
    /** The message is whole. Null when it is not wanted: then it was answered already. */
    @Nullable SnapshotReceipt begin(Bytes message);

    /** The body makes no sense; its sender is to be told. */
    void malformed(String reason);

    /** Whether the snapshot was kept. */
    void done(boolean kept);
  }

  private final HttpServerRequest request;
  private final PeerNetwork network;
  private final Reader reader;
  private final Buffer head = Buffer.buffer();
  private @Nullable SnapshotReceipt receipt;
  private boolean over;
  private boolean writing;
  private long lastReadAt;

  SnapshotBody(HttpServerRequest request, PeerNetwork network, Reader reader) {
    this.request = request;
    this.network = network;
    this.reader = reader;
    lastReadAt = network.clock().monotonicNanos();
  }

  /** Begins to read; on the request's event loop. */
  void read() {
    network.bodies().add(this);
    request.handler(this::arrived);
    request.endHandler(end -> ended());
    request.exceptionHandler(failure -> brokenOff());
  }

  private void arrived(Buffer piece) {
    lastReadAt = network.clock().monotonicNanos();
    if (over) {
      return;
    }
    if (receipt != null) {
      write(piece);
      return;
    }
    if (!network.bodies().take(piece.length())) {
      cut("too much comes in at once");
      return;
    }
    head.appendBuffer(piece);
    if (head.length() < Long.BYTES) {
      return;
    }
    long length = head.getLong(0);
    if (length < 0 || length > MESSAGE_BYTES_MAX) {
      refuse("a message of " + Long.toUnsignedString(length) + " bytes");
    } else if (head.length() >= Long.BYTES + length) {
      int end = Long.BYTES + (int) length;
      // In case it is not wanted: the rest of the body is not worth reading then.
      closeBehindAnswer();
      receipt = reader.begin(Bytes.wrap(head.getBytes(Long.BYTES, end)));
      if (receipt == null) {
        end();
      } else {
        request.response().headers().remove("Connection");
        request.response().endHandler(null);
        if (head.length() > end) {
          write(head.getBuffer(end, head.length()));
        }
      }
    }
  }

  private void refuse(String reason) {
    end();
    closeBehindAnswer();
    reader.malformed(reason);
  }

  private void closeBehindAnswer() {
    request.response().putHeader("Connection", "close");
    request.response().endHandler(answered -> BodyInHand.closeSoon(request, network));
  }

  @Override
  public void cutIfStalled(long now) {
    if (!writing && now - lastReadAt > BodyInHand.SILENCE_NANOS_MAX) {
      cut("the rest of a snapshot does not come");
    }
  }

  private void cut(String reason) {
    network.complain("cutting a connection: " + reason, request);
    brokenOff();
    AbruptEnd.of(request.connection());
  }

  /** Nothing that still comes is wanted. */
  private void end() {
    over = true;
    network.bodies().remove(this, head.length());
  }

  private void write(Buffer piece) {
    SnapshotReceipt target = receipt;
    if (target == null) {
      return;
    }
    request.pause();
    writing = true;
    network
        .vertx()
        .executeBlocking(
            () -> {
              target.write(ByteBuffer.wrap(piece.getBytes()));
              return true;
            },
            false)
        .onComplete(
            done -> {
              writing = false;
              lastReadAt = network.clock().monotonicNanos();
              if (done.failed()) {
                abandon();
                reader.done(false);
              } else if (over) {
                abandon();
              } else {
                request.resume();
              }
            });
  }

  private void ended() {
    SnapshotReceipt whole = receipt;
    if (over) {
      return;
    }
    end();
    if (whole == null) {
      reader.malformed("unexpected end");
      return;
    }
    network
        .vertx()
        .executeBlocking(whole::finish, false)
        .onComplete(done -> reader.done(done.succeeded() && done.result()));
  }

  /** The sender went away in the middle. */
  private void brokenOff() {
    if (!over && !writing) {
      abandon();
    }
    end();
  }

  private void abandon() {
    end();
    SnapshotReceipt left = receipt;
    if (left != null) {
      network
          .vertx()
          .executeBlocking(
              () -> {
                left.abandon();
                return true;
              },
              false);
    }
  }
}
