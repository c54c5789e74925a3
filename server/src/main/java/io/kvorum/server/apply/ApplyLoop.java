// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.env.Timers;
import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.auth.TokenChange;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.consensus.StateMachine;
import io.kvorum.server.lease.LeaseChange;
import io.kvorum.server.storage.engine.Snapshot;
import io.kvorum.server.tree.TreeView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The apply thread: the single writer of all stores.
 *
 * <pre>
 *   committed entries ─▶ round: command by command ─▶ one batch with the position ─▶ visible
 *                                                         ─▶ watches, outcomes, membership
 * </pre>
 *
 * <p>Problem: state and the log position it reflects must never come apart, live apply and replay
 * must be the same, and a write must not cost a storage batch of its own. Idea: whatever has
 * gathered while the last round was written is the next round. What must hold: apply is a function
 * of (state, entry); effects leave only after the batch is visible; a position is applied once.
 */
public final class ApplyLoop implements StateMachine {

  /** A round ends at this size, so that a long replay keeps its memory and delay bounded. */
  private static final long ROUND_BYTES_MAX = 8 << 20;

  private static final int ROUND_ENTRIES_MAX = 4096;
  private static final int INBOX_ITEMS_MAX = 1 << 20;

  private sealed interface Work {
    record Commit(List<Entry> entries) implements Work {}

    record Install(SnapshotMetadata snapshot) implements Work {}

    record Prepare(long peer) implements Work {}

    record Clean(HistoryCleaner.Piece piece) implements Work {}
  }

  /** A view to be written down for a peer. */
  private record Picture(long peer, SnapshotMetadata snapshot, TreeView view, Snapshot store) {}

  private final Stores stores;
  private final SnapshotDesk desk;
  private final Audience audience;
  private final Pace pace;
  private final HistoryCleaner cleaner;
  private final Worker<Work> applier;
  private final Worker<Picture> writer;
  private LogPosition position;
  private ConfState confState;
  private long flushedIndex;
  private @Nullable Round round;

  /**
   * How often things happen.
   *
   * @param entriesPerFlush applied entries between two flushes of the store (snapshot-count)
   */
  public record Pace(long entriesPerFlush, HistoryCleaner.Pace cleaning) {}

  /** Where threads and time come from; {@code onFailure} gets what ends a thread. */
  public record Runtime(Workers workers, Timers timers, Consumer<Throwable> onFailure) {}

  /** Starts at what the stores reflect. */
  public ApplyLoop(
      Stores stores, SnapshotDesk desk, Audience audience, Pace pace, Runtime runtime) {
    this.stores = stores;
    this.desk = desk;
    this.audience = audience;
    this.pace = pace;
    position = StoreMeta.position(stores.engine());
    confState = StoreMeta.configuration(stores.engine());
    flushedIndex = position.index();
    Workers workers = runtime.workers();
    applier = workers.start("apply", INBOX_ITEMS_MAX, this::handle, runtime.onFailure());
    writer = workers.start("snapshot", INBOX_ITEMS_MAX, this::writeDown, runtime.onFailure());
    cleaner =
        new HistoryCleaner(
            stores,
            pace.cleaning(),
            runtime.timers(),
            workers,
            piece -> applier.put(new Work.Clean(piece)),
            runtime.onFailure());
    cleaner.look();
  }

  @Override
  public void commit(List<Entry> entries) {
    applier.put(new Work.Commit(entries));
  }

  @Override
  public void install(SnapshotMetadata snapshot) {
    applier.put(new Work.Install(snapshot));
  }

  @Override
  public void prepareSnapshot(long peer) {
    applier.put(new Work.Prepare(peer));
  }

  /** Finishes what was handed over, then ends. */
  public void stop() throws InterruptedException {
    applier.stop();
    applier.awaitEnd();
    writer.stop();
    writer.awaitEnd();
    cleaner.stop();
  }

  /** Ends when nothing is left that the compaction at {@code revision} removes. Any thread. */
  public CompletableFuture<Void> cleaned(long revision) {
    return cleaner.cleaned(revision);
  }

  private void handle(List<Work> works) {
    for (Work work : works) {
      switch (work) {
        case Work.Commit(List<Entry> entries) -> entries.forEach(this::apply);
        case Work.Install(SnapshotMetadata snapshot) -> {
          finishRound();
          replaceState(snapshot);
        }
        case Work.Clean(HistoryCleaner.Piece piece) -> {
          finishRound();
          cleaner.remove(piece);
        }
        case Work.Prepare(long peer) -> {
          finishRound();
          writer.put(
              new Picture(
                  peer,
                  new SnapshotMetadata(position, confState),
                  stores.tree().view(),
                  stores.engine().snapshot()));
        }
      }
    }
    finishRound();
  }

  private void apply(Entry entry) {
    Round current = round;
    if (current == null) {
      current = new Round(stores, position, confState);
      round = current;
    }
    current.apply(entry);
    if (current.bytes() >= ROUND_BYTES_MAX || current.answers().size() >= ROUND_ENTRIES_MAX) {
      finishRound();
    }
  }

  private void finishRound() {
    Round done = round;
    if (done == null) {
      return;
    }
    round = null;
    done.write();
    position = done.position();
    confState = done.confState();
    boolean membersChanged = stores.publish();
    audience.watches().publish(stores.tree().takeEvents(), stores.tree().view());
    List<KeyEvent> events = stores.keyspace().takeEvents();
    if (!events.isEmpty()) {
      audience.keyspace().changed(events);
    }
    List<LeaseChange> leases = stores.leases().takeChanges();
    if (!leases.isEmpty()) {
      audience.leases().accept(leases);
    }
    tellTokens();
    if (membersChanged) {
      audience.members().membershipChanged(stores.members().current());
    }
    audience.consensus().applied(position, done.answers());
    for (Round.Configured configured : done.configured()) {
      audience.consensus().configurationApplied(configured.index(), configured.confState());
    }
    cleaner.look();
    if (position.index() - flushedIndex >= pace.entriesPerFlush()) {
      flushedIndex = position.index();
      audience.flushDue().accept(new SnapshotMetadata(position, confState));
    }
  }

  private void replaceState(SnapshotMetadata snapshot) {
    desk.install(snapshot, stores);
    position = snapshot.position();
    confState = snapshot.confState();
    flushedIndex = position.index();
    stores.publish();
    audience.watches().reset(stores.tree().view());
    audience.keyspace().replaced();
    tellTokens();
    audience.members().membershipChanged(stores.members().current());
    cleaner.startOver();
    audience.consensus().snapshotInstalled(position);
  }

  private void tellTokens() {
    List<TokenChange> changes = stores.auth().takeTokenChanges();
    if (!changes.isEmpty()) {
      audience.tokens().accept(changes);
    }
  }

  private void writeDown(List<Picture> pictures) {
    for (Picture picture : pictures) {
      StateForPeer state = desk.write(picture.view(), picture.store());
      audience.consensus().snapshotPrepared(picture.peer(), picture.snapshot(), state);
    }
  }
}
