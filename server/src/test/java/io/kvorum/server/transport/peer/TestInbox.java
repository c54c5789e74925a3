// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.kvorum.base.Bytes;
import io.kvorum.raft.Message;
import io.kvorum.server.consensus.PeerInbox;
import io.kvorum.server.consensus.SnapshotReceipt;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what the network says. */
final class TestInbox implements PeerInbox {

  private static final long PATIENCE_SECONDS = 20;

  /** How a snapshot went. */
  record Sent(long peer, boolean delivered) {}

  /** A snapshot that came. */
  record Got(Message.InstallSnapshot message, Bytes treeJson, Bytes database) {}

  final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  final BlockingQueue<Long> unreachable = new LinkedBlockingQueue<>();
  final BlockingQueue<Sent> snapshotsSent = new LinkedBlockingQueue<>();
  final BlockingQueue<Got> snapshots = new LinkedBlockingQueue<>();
  final BlockingQueue<Message> abandoned = new LinkedBlockingQueue<>();
  volatile boolean keepsSnapshots = true;

  @Override
  public void received(Message message) {
    messages.add(message);
  }

  @Override
  public SnapshotReceipt receiveSnapshot(Message.InstallSnapshot message, Bytes treeJson) {
    ByteArrayOutputStream database = new ByteArrayOutputStream();
    return new SnapshotReceipt() {
      @Override
      public void write(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        database.writeBytes(piece);
      }

      @Override
      public boolean finish() {
        snapshots.add(new Got(message, treeJson, Bytes.wrap(database.toByteArray())));
        return keepsSnapshots;
      }

      @Override
      public void abandon() {
        abandoned.add(message);
      }
    };
  }

  @Override
  public void unreachable(long peer) {
    unreachable.add(peer);
  }

  @Override
  public void snapshotSent(long peer, boolean delivered) {
    snapshotsSent.add(new Sent(peer, delivered));
  }

  /** The next of {@code queue}; fails when none comes. */
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T item = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(item, "nothing came");
    return item;
  }
}
