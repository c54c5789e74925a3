// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.Bytes;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.storage.snapshot.IncomingDatabase;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import io.kvorum.server.storage.snapshot.UnusableDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots on their way in and out.
 *
 * <p>The core deals in positions; the state belonging to one waits here until its message is sent
 * (one per peer at a time, so at most as many as there are peers), and a received one is in its
 * files, verified and fsynced, before the core hears of it.
 */
final class SnapshotExchange {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotExchange.class);

  private record Prepared(LogPosition position, StateForPeer state) {}

  private final SnapshotFiles files;
  private final PeerTransport peers;
  private final Map<Long, Prepared> prepared = new HashMap<>();

  SnapshotExchange(SnapshotFiles files, PeerTransport peers) {
    this.files = files;
    this.peers = peers;
  }

  void keep(long peer, SnapshotMetadata snapshot, StateForPeer state) {
    close(put(peer, new Prepared(snapshot.position(), state)));
  }

  private synchronized @Nullable Prepared put(long peer, Prepared fresh) {
    return prepared.put(peer, fresh);
  }

  private synchronized @Nullable Prepared take(long peer) {
    return prepared.remove(peer);
  }

  private static void close(@Nullable Prepared unused) {
    if (unused != null) {
      unused.state.close();
    }
  }

  /** Sends the prepared state with its message; false when there is none for this position. */
  boolean send(Message.InstallSnapshot message) {
    Prepared ready = take(message.to());
    if (ready == null || !ready.position.equals(message.snapshot().position())) {
      close(ready);
      return false;
    }
    peers.sendSnapshot(message, ready.state);
    return true;
  }

  /**
   * Takes in what comes with {@code message}.
   *
   * @param credible whether the message can be true at all; asked before anything is kept
   * @param core hands the message to the core at the end; false when that has no room
   */
  SnapshotReceipt receive(
      Message.InstallSnapshot message,
      Bytes treeJson,
      Predicate<Message> credible,
      Predicate<Message> core) {
    return new Receipt(message, treeJson, credible, core);
  }

  private final class Receipt implements SnapshotReceipt {

    private final Message.InstallSnapshot message;
    private final Bytes treeJson;
    private final Predicate<Message> credible;
    private final Predicate<Message> core;
    private final IncomingDatabase database;

    Receipt(
        Message.InstallSnapshot message,
        Bytes treeJson,
        Predicate<Message> credible,
        Predicate<Message> core) {
      this.message = message;
      this.treeJson = treeJson;
      this.credible = credible;
      this.core = core;
      database = files.receiveDatabase(message.snapshot().position().index());
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      database.write(bytes);
    }

    @Override
    public boolean finish() {
      LogPosition position = message.snapshot().position();
      if (!credible.test(message)) {
        database.abandon();
        return false;
      }
      try {
        database.verify();
        database.keep();
      } catch (UnusableDatabase refused) {
        database.abandon();
        LOG.atWarn()
            .addKeyValue("from", Long.toHexString(message.from()))
            .addKeyValue("snapshot", position)
            .setCause(refused)
            .log("refused a received snapshot");
        return false;
      }
      files.save(message.snapshot(), treeJson);
      return core.test(message);
    }

    @Override
    public void abandon() {
      database.abandon();
    }
  }
}
