// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Snapshot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The keyspace between two rounds of commands. Immutable, any thread; valid only inside {@link
 * Keyspace#read}.
 */
public final class KeyspaceView {

  private final Snapshot snapshot;
  private final Versions versions;
  private final long revision;
  private final long compacted;
  private final long historyBytes;

  /** Readers, and one for being the newest view. */
  private final AtomicInteger holders = new AtomicInteger(1);

  KeyspaceView(Snapshot snapshot, long revision, long compacted, long historyBytes) {
    this.snapshot = snapshot;
    this.versions = new Versions(snapshot);
    this.revision = revision;
    this.compacted = compacted;
    this.historyBytes = historyBytes;
  }

  /** False when the last holder has gone. */
  boolean hold() {
    int before = holders.get();
    while (before > 0 && !holders.compareAndSet(before, before + 1)) {
      before = holders.get();
    }
    return before > 0;
  }

  void letGo() {
    if (holders.decrementAndGet() == 0) {
      snapshot.close();
    }
  }

  /** The newest main revision; 1 for a keyspace that was never changed. */
  public long revision() {
    return revision;
  }

  /** The revision of the last compaction; -1 when there was none. */
  public long compacted() {
    return compacted;
  }

  /** The newest compaction after which nothing is left to remove; -1 when there was none. */
  public long cleaned() {
    return KeyspaceRecords.compaction(
        snapshot.get(KeyspaceRecords.META, KeyspaceRecords.FINISHED_COMPACTION));
  }

  /** The size of the records of all versions that are kept: what an export would hold of them. */
  public long historyBytes() {
    return historyBytes;
  }

  /** A {@link KeyspaceResult.Range}, or a {@link Refusal.Keyspace} for a revision out of reach. */
  public Outcome range(RangeQuery query) {
    Optional<Refusal> refusal = check(query);
    return refusal.isPresent()
        ? new Outcome.Refused(refusal.get())
        : new Outcome.Keyspace(answer(query));
  }

  private Optional<Refusal> check(RangeQuery query) {
    return Checks.readable(query.revision(), revision, compacted);
  }

  private KeyspaceResult.Range answer(RangeQuery query) {
    boolean past = query.revision() > 0 && query.revision() < revision;
    return Ranges.answer(query, versions, past ? query.revision() : Versions.NOW, revision);
  }

  /**
   * Carries out a transaction that only reads.
   *
   * @throws IllegalArgumentException when the branch taken would write
   */
  public Outcome txn(Txn txn) {
    Decision decision = Decision.of(txn, versions);
    Optional<Refusal> refusal =
        decision.ranges().stream().map(this::check).flatMap(Optional::stream).findFirst();
    return refusal.isPresent()
        ? new Outcome.Refused(refusal.get())
        : new Outcome.Keyspace(run(decision));
  }

  private KeyspaceResult.Txn run(Decision decision) {
    List<KeyspaceResult> results = new ArrayList<>();
    Iterator<Decision> nested = decision.nested().iterator();
    for (Operation operation : decision.operations()) {
      results.add(
          switch (operation) {
            case RangeQuery query -> answer(query);
            case Txn inner -> run(nested.next());
            default ->
                throw new IllegalArgumentException(
                    operation + " in a transaction that was said to only read");
          });
    }
    return new KeyspaceResult.Txn(revision, decision.succeeded(), results);
  }

  /** The keys that hang on {@code lease}, in order. */
  public List<Bytes> attached(long lease) {
    return attached(snapshot, lease);
  }

  static List<Bytes> attached(io.kvorum.server.storage.engine.View view, long lease) {
    List<Bytes> keys = new ArrayList<>();
    KeyRange range = KeyRange.prefix(KeyspaceRecords.leasePrefix(lease));
    try (Cursor cursor = view.scan(KeyspaceRecords.ATTACHED, range)) {
      while (cursor.next()) {
        keys.add(KeyspaceRecords.attachedKey(cursor.key()));
      }
    }
    return keys;
  }

  /**
   * The hash over all records up to {@code at} (the newest revision when not positive): a {@link
   * KeyspaceResult.Hash}, equal on all members at equal revision and compaction, or a {@link
   * Refusal.Keyspace}. Reads everything.
   */
  public Outcome hash(long at) {
    Optional<Refusal> refusal = Checks.readable(at, revision, compacted);
    if (refusal.isPresent()) {
      return new Outcome.Refused(refusal.get());
    }
    long upTo = at > 0 ? at : revision;
    int hash = new HistoryHash(snapshot, upTo, compacted).compute();
    return new Outcome.Keyspace(new KeyspaceResult.Hash(revision, hash, compacted, upTo));
  }

  /**
   * What happened from main revision {@code from} on, whole revisions in order, until one of the
   * bounds is reached; empty when {@code from} is compacted.
   *
   * @param previous whether events tell the version before
   */
  public Optional<History> history(long from, int revisionsMax, long bytesMax, boolean previous) {
    return history(from, revisionsMax, bytesMax, previous, key -> true);
  }

  /** The same of keys that are {@code wanted}; the bounds count what is passed over, too. */
  public Optional<History> history(
      long from, int revisionsMax, long bytesMax, boolean previous, Predicate<Bytes> wanted) {
    return from < compacted
        ? Optional.empty()
        : Optional.of(
            new HistoryReader(snapshot, revision, compacted, previous, wanted)
                .read(from, revisionsMax, bytesMax));
  }

  /**
   * What is to be removed next for the last compaction; empty when all is done. The step goes to
   * {@link Keyspace#carryOut} on the apply thread, and the next step is planned in a view that
   * knows of it. Looks at about {@code recordsMax} records.
   */
  public Optional<CompactionStep> nextCompactionStep(int recordsMax) {
    return CompactionStep.plan(snapshot, recordsMax);
  }
}
