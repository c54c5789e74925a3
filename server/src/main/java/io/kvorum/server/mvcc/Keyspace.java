// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Keyspace.Reason;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.engine.View;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;

/**
 * The v3 keyspace.
 *
 * <p>Problem: every version of every key is readable until it is compacted, the newest ones in the
 * order of keys and at once; results and records must be exactly etcd's, as a genuine member may
 * apply the same log; a restart must not read everything, and the memory must not grow with the
 * data.
 *
 * <p>Idea: history lies in the engine by revision as in etcd, the newest versions lie beside it by
 * key, and pointers lead from a key to its older versions (docs/decisions/0012). Commands work
 * through an {@link Overlay} that holds the round's changes; readers share an engine snapshot.
 *
 * <pre>
 *   apply(command, batch)* ─▶ engine.write(batch) ─▶ publish() ─▶ read(view -> ...)
 *                 └─ events ────────────────────────▶ takeEvents()
 * </pre>
 *
 * <p>What must hold: a command that changes anything raises the revision by one; what is in the
 * tables after a batch is what {@link #open} continues from. No clock is read here, and whether
 * compacted records are still there decides no answer.
 *
 * <p>Owned by the apply thread; only {@link #read} may be called by others.
 */
public final class Keyspace implements AutoCloseable {

  /** History as etcd's bucket {@code key} has it: an export copies the records. */
  public static final Table RECORDS = KeyspaceRecords.KEY;

  /** Has etcd's {@link #SCHEDULED_COMPACTION} and {@link #FINISHED_COMPACTION} among others. */
  public static final Table META = KeyspaceRecords.META;

  public static final Bytes SCHEDULED_COMPACTION = KeyspaceRecords.SCHEDULED_COMPACTION;
  public static final Bytes FINISHED_COMPACTION = KeyspaceRecords.FINISHED_COMPACTION;

  /** Every how many revisions the size is stored; the rest is counted again at start. */
  private static final long REVISIONS_PER_SIZE = 1024;

  private final Engine engine;
  private final Overlay overlay;
  private final Versions versions;
  private final List<KeyEvent> events = new ArrayList<>();
  private long revision;
  private long compacted;
  private long historyBytes;
  private boolean changed;
  private volatile KeyspaceView view;

  private Keyspace(Engine engine) {
    this.engine = engine;
    overlay = new Overlay(engine);
    versions = new Versions(overlay);
    load();
    view = look();
  }

  /** Continues from what the tables hold; empty ones are a keyspace at revision 1. */
  public static Keyspace open(Engine engine) {
    return new Keyspace(engine);
  }

  /** The tables that the engine must have been opened with. */
  public static List<Table> tables() {
    return KeyspaceRecords.TABLES;
  }

  private void load() {
    overlay.clear();
    events.clear();
    long scheduled =
        KeyspaceRecords.compaction(
            engine.get(KeyspaceRecords.META, KeyspaceRecords.SCHEDULED_COMPACTION));
    long finished =
        KeyspaceRecords.compaction(
            engine.get(KeyspaceRecords.META, KeyspaceRecords.FINISHED_COMPACTION));
    compacted = Math.max(scheduled, finished);
    revision = Math.max(1, compacted);
    try (Cursor last = engine.scan(KeyspaceRecords.KEY, KeyRange.ALL, View.Order.DESCENDING)) {
      if (last.next()) {
        revision = Math.max(revision, KeyspaceRecords.revision(last.key()).main());
      }
    }
    historyBytes = countHistory();
  }

  private long countHistory() {
    Optional<Bytes> saved = engine.get(KeyspaceRecords.META, KeyspaceRecords.SIZE);
    long counted = saved.map(KeyspaceRecords::number).orElse(0L);
    long bytes =
        saved
            .map(value -> KeyspaceRecords.number(value.slice(Long.BYTES, value.length())))
            .orElse(0L);
    KeyRange rest = KeyspaceRecords.revisions(counted + 1, revision + 1);
    try (Cursor cursor = engine.scan(KeyspaceRecords.KEY, rest)) {
      while (cursor.next()) {
        bytes += cursor.key().length() + cursor.value().length();
      }
    }
    return bytes;
  }

  // --- readers ---

  /** Lets {@code reading} have the newest state that readers may see. Any thread. */
  public <T> T read(Function<KeyspaceView, T> reading) {
    while (true) {
      KeyspaceView present = view;
      if (present.hold()) {
        try {
          return reading.apply(present);
        } finally {
          present.letGo();
        }
      }
    }
  }

  /** Makes what was applied so far visible. The batches of it must be visible already. */
  public void publish() {
    if (changed) {
      changed = false;
      overlay.clear();
      KeyspaceView before = view;
      view = look();
      before.letGo();
    }
  }

  private KeyspaceView look() {
    return new KeyspaceView(engine.snapshot(), revision, compacted, historyBytes);
  }

  /** The engine now holds something else, from a snapshot of another member: starts over there. */
  public void reload() {
    load();
    changed = true;
    publish();
  }

  /** Lets go of the engine. Nothing may be called after. */
  @Override
  public void close() {
    view.letGo();
  }

  // --- the apply thread ---

  /** The revision after everything applied so far, published or not. */
  public long revision() {
    return revision;
  }

  /** The revision of the last compaction applied so far; -1 when there was none. */
  public long compacted() {
    return compacted;
  }

  /** What changed since the last call, in order. */
  public List<KeyEvent> takeEvents() {
    List<KeyEvent> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  /**
   * Carries out one command and adds the records it changed to {@code batch}.
   *
   * @param leases which leases exist
   * @return an {@link Outcome.Keyspace}, or a {@link Refusal.Keyspace} after which nothing changed
   */
  public Outcome apply(KeyspaceCommand command, LongPredicate leases, Batch batch) {
    return switch (command) {
      case Put put -> put(put, leases, batch);
      case DeleteRange delete -> {
        ChangeSet changes = changes(batch);
        KeyspaceResult result = delete(delete, changes);
        finish(changes, batch);
        yield new Outcome.Keyspace(result);
      }
      case Txn txn -> txn(txn, leases, batch);
      case Compact compact -> compact(compact, batch);
    };
  }

  /** The keys that hang on {@code lease} after everything applied so far, in order. */
  public List<Bytes> attachedNow(long lease) {
    return KeyspaceView.attached(overlay, lease);
  }

  /** Deletes the keys that hang on {@code lease}, in key order, in one revision; how many. */
  public long deleteAttached(long lease, Batch batch) {
    ChangeSet changes = changes(batch);
    List<Bytes> keys = KeyspaceView.attached(overlay, lease);
    keys.forEach(changes::delete);
    finish(changes, batch);
    return keys.size();
  }

  /** Removes what {@code step} found. A batch of its own, or of a round, will do. */
  public void carryOut(CompactionStep step, Batch batch) {
    step.addTo(batch);
    historyBytes -= step.bytes();
    saveSize(batch);
    changed = true;
  }

  private ChangeSet changes(Batch batch) {
    return new ChangeSet(overlay, batch, revision + 1);
  }

  private void finish(ChangeSet changes, Batch batch) {
    if (changes.isEmpty()) {
      return;
    }
    revision++;
    changed = true;
    historyBytes += changes.bytes();
    events.addAll(changes.events());
    if (revision % REVISIONS_PER_SIZE == 0) {
      saveSize(batch);
    }
  }

  private void saveSize(Batch batch) {
    overlay.put(
        KeyspaceRecords.META,
        KeyspaceRecords.SIZE,
        KeyspaceRecords.number(revision).concat(KeyspaceRecords.number(historyBytes)),
        batch);
  }

  private Outcome put(Put put, LongPredicate leases, Batch batch) {
    Optional<Reason> reason = check(put, leases);
    if (reason.isPresent()) {
      return refused(reason.get());
    }
    ChangeSet changes = changes(batch);
    KeyspaceResult result = put(put, changes);
    finish(changes, batch);
    return new Outcome.Keyspace(result);
  }

  private Optional<Reason> check(Put put, LongPredicate leases) {
    if (put.lease() != 0 && !leases.test(put.lease())) {
      return Optional.of(Reason.LEASE_NOT_FOUND);
    }
    boolean keeps = put.ignoreValue() || put.ignoreLease();
    return keeps && versions.newest(put.key()).isEmpty()
        ? Optional.of(Reason.KEY_NOT_FOUND)
        : Optional.empty();
  }

  private KeyspaceResult put(Put put, ChangeSet changes) {
    Optional<KeyValue> before = changes.put(put);
    return new KeyspaceResult.Put(
        revision + 1, put.previous() ? before : Optional.<KeyValue>empty());
  }

  private KeyspaceResult delete(DeleteRange delete, ChangeSet changes) {
    List<KeyValue> deleted =
        delete.rangeEnd().isEmpty()
            ? changes.delete(delete.key())
            : changes.delete(KeyspaceCommand.range(delete.key(), delete.rangeEnd()));
    return new KeyspaceResult.DeleteRange(
        header(changes), deleted.size(), delete.previous() ? deleted : List.<KeyValue>of());
  }

  /** What an answer calls the revision while {@code changes} are being made. */
  private long header(ChangeSet changes) {
    return changes.isEmpty() ? revision : revision + 1;
  }

  /** Everything that can be refused is, before the first change. */
  private Outcome txn(Txn txn, LongPredicate leases, Batch batch) {
    Decision decision = Decision.of(txn, versions);
    for (Put put : decision.puts()) {
      Optional<Reason> reason = check(put, leases);
      if (reason.isPresent()) {
        return refused(reason.get());
      }
    }
    for (RangeQuery query : decision.ranges()) {
      Optional<Refusal> refusal = Checks.readable(query.revision(), revision, compacted);
      if (refusal.isPresent()) {
        return new Outcome.Refused(refusal.get());
      }
    }
    ChangeSet changes = changes(batch);
    List<KeyspaceResult> results = run(decision, changes);
    KeyspaceResult.Txn result =
        new KeyspaceResult.Txn(header(changes), decision.succeeded(), results);
    finish(changes, batch);
    return new Outcome.Keyspace(result);
  }

  private List<KeyspaceResult> run(Decision decision, ChangeSet changes) {
    List<KeyspaceResult> results = new ArrayList<>();
    Iterator<Decision> nested = decision.nested().iterator();
    for (Operation operation : decision.operations()) {
      results.add(
          switch (operation) {
            case Put put -> put(put, changes);
            case DeleteRange delete -> delete(delete, changes);
            case RangeQuery query -> range(query, changes);
            case Txn txn -> {
              Decision inner = nested.next();
              List<KeyspaceResult> innerResults = run(inner, changes);
              yield new KeyspaceResult.Txn(header(changes), inner.succeeded(), innerResults);
            }
          });
    }
    return results;
  }

  /** A read in a transaction sees the transaction's own changes, unless it names a revision. */
  private KeyspaceResult range(RangeQuery query, ChangeSet changes) {
    long at = query.revision() > 0 ? query.revision() : Versions.NOW;
    return Ranges.answer(query, versions, at, header(changes));
  }

  private Outcome compact(Compact compact, Batch batch) {
    Optional<Refusal> refusal = Checks.compactable(compact.revision(), revision, compacted);
    if (refusal.isPresent()) {
      return new Outcome.Refused(refusal.get());
    }
    compacted = compact.revision();
    changed = true;
    overlay.put(
        KeyspaceRecords.META,
        KeyspaceRecords.SCHEDULED_COMPACTION,
        KeyspaceRecords.revisionKey(compacted, 0),
        batch);
    return new Outcome.Keyspace(new KeyspaceResult.Compact(revision));
  }

  private static Outcome refused(Reason reason) {
    return new Outcome.Refused(new Refusal.Keyspace(reason));
  }
}
