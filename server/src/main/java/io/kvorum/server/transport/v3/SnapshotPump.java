// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.ByteString;
import io.kvorum.api.etcdserverpb.SnapshotResponse;
import io.kvorum.server.request.CopyDatabase;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One snapshot on its way to a client: pieces of 32 KiB, each told how much comes after it, and at
 * the end the digest of all of them. The next piece is made when the client has room for it.
 */
final class SnapshotPump {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPump.class);

  private static final int BLOB_BYTES = 32 << 10;

  /** A client that takes nothing for this long is given up. */
  private static final long PATIENCE_SECONDS = 30;

  private final RpcCall call;
  private final MessageDigest digest = sha256();
  private final ByteBuffer blob = ByteBuffer.allocate(BLOB_BYTES);

  /** Ends the wait for a client that is no longer there. */
  private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

  private long remaining;

  /** To be made on the call's event loop. */
  SnapshotPump(RpcCall call) {
    this.call = call;
    call.onClosed(() -> gone.complete(false));
  }

  /** Sends all of it; returns when the client has it or is gone. Blocks. */
  void run(CopyDatabase.Source source) {
    try (CopyDatabase.Copy copy = source.open()) {
      remaining = copy.bytes();
      copy.writeTo(this::take);
      flush();
      send(ByteString.copyFrom(digest.digest()));
      call.later(call::end);
    } catch (IOException givenUp) {
      LOG.atWarn()
          .addKeyValue("remote-addr", call.remoteAddress())
          .addKeyValue("remaining-bytes", remaining)
          .log("a snapshot was not taken: {}", givenUp.getMessage());
      call.later(() -> call.fail(V3Error.TIMEOUT.fault()));
    } catch (RuntimeException broken) {
      LOG.atError().setCause(broken).log("a snapshot broke");
      call.later(() -> call.fail(new RpcFault(RpcCode.INTERNAL, "etcdserver: internal error")));
    }
  }

  private void take(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int length = Math.min(bytes.remaining(), blob.remaining());
      blob.put(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      if (!blob.hasRemaining()) {
        flush();
      }
    }
  }

  private void flush() throws IOException {
    blob.flip();
    if (blob.hasRemaining()) {
      digest.update(blob.duplicate());
      remaining -= blob.remaining();
      send(ByteString.copyFrom(blob));
    }
    blob.clear();
  }

  private void send(ByteString bytes) throws IOException {
    SnapshotResponse message =
        SnapshotResponse.newBuilder().setRemainingBytes(remaining).setBlob(bytes).build();
    CompletableFuture<Boolean> room = new CompletableFuture<>();
    call.later(
        () -> {
          if (call.isOpen()) {
            MessageMethod.write(call, message);
            if (call.isFull()) {
              call.onDrained(() -> room.complete(true));
            } else {
              room.complete(true);
            }
          }
        });
    await(room);
  }

  private void await(CompletableFuture<Boolean> room) throws IOException {
    try {
      Object first = CompletableFuture.anyOf(room, gone).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (first.equals(false)) {
        throw new IOException("the client is gone");
      }
    } catch (TimeoutException slow) {
      throw new IOException("the client takes nothing", slow);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("neither of them fails", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
