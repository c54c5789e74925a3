// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A bounded piece of the removal of what a compaction made unreachable.
 *
 * <p>Problem: removal must neither stall apply nor read the whole store, and a member may stop in
 * the midst of it. Idea: nothing that happens later changes what is dead at the compacted revision,
 * so any thread finds it out in a view, and the apply thread only deletes. Each record from the
 * last finished compaction up to this one kills what {@code old} has of its key before it; a
 * deletion below the compacted revision kills itself too, one at that revision stays until the next
 * compaction (etcd 3.4.34 and 3.5.16 on). How far it came is stored with each step.
 *
 * <p>Source of the rule: docs/compatibility.md, recorded behaviour of etcd 3.4.23.
 */
public final class CompactionStep {

  /** However large the values are, a step reads no more of them, and one more. */
  private static final long READ_BYTES_MAX = 4 << 20;

  /** The end of the step: the first record of {@code key} that was not looked at. */
  private record Progress(Bytes next, long target) {

    static Progress start(View view, long target) {
      long finished =
          KeyspaceRecords.compaction(
              view.get(KeyspaceRecords.META, KeyspaceRecords.FINISHED_COMPACTION));
      Bytes begin = KeyspaceRecords.revisionKey(Math.max(finished, 0), 0);
      return view.get(KeyspaceRecords.META, KeyspaceRecords.COMPACTION_PROGRESS)
          .map(Progress::decode)
          .filter(progress -> progress.next.compareTo(begin) > 0)
          .map(progress -> progress.towards(target))
          .orElse(new Progress(begin, target));
    }

    /** Deletions at the old target were spared, and are not by the new one: back to them. */
    private Progress towards(long newTarget) {
      Bytes spared = KeyspaceRecords.revisionKey(target, 0);
      boolean back = newTarget != target && next.compareTo(spared) > 0;
      return new Progress(back ? spared : next, newTarget);
    }

    private static Progress decode(Bytes value) {
      return new Progress(value.slice(Long.BYTES, value.length()), KeyspaceRecords.number(value));
    }

    Bytes encode() {
      return KeyspaceRecords.number(target).concat(next);
    }
  }

  private final View view;
  private final long target;
  private final List<Bytes> dead = new ArrayList<>();
  private final List<Bytes> deadPointers = new ArrayList<>();
  private final java.util.Set<Bytes> seen = new java.util.HashSet<>();
  private Optional<Progress> progress = Optional.empty();
  private long bytes;

  private CompactionStep(View view, long target) {
    this.view = view;
    this.target = target;
  }

  static Optional<CompactionStep> plan(View view, int recordsMax) {
    long scheduled =
        KeyspaceRecords.compaction(
            view.get(KeyspaceRecords.META, KeyspaceRecords.SCHEDULED_COMPACTION));
    long finished =
        KeyspaceRecords.compaction(
            view.get(KeyspaceRecords.META, KeyspaceRecords.FINISHED_COMPACTION));
    if (scheduled <= finished) {
      return Optional.empty();
    }
    CompactionStep step = new CompactionStep(view, scheduled);
    step.look(Progress.start(view, scheduled), recordsMax);
    return Optional.of(step);
  }

  private void look(Progress from, int recordsMax) {
    KeyRange records = KeyRange.of(from.next(), KeyspaceRecords.revisionKey(target + 1, 0));
    int looked = 0;
    long read = 0;
    try (Cursor cursor = view.scan(KeyspaceRecords.KEY, records)) {
      while (cursor.next()) {
        if (looked >= recordsMax || read >= READ_BYTES_MAX) {
          progress = Optional.of(new Progress(cursor.key(), target));
          return;
        }
        Bytes record = cursor.value();
        read += record.length();
        looked += 1 + killBy(cursor.key(), record);
      }
    }
  }

  /** Finds what the record at {@code revisionKey} makes unreachable; how much was looked at. */
  private int killBy(Bytes revisionKey, Bytes record) {
    Revision revision = KeyspaceRecords.revision(revisionKey);
    KeyValue kv = KeyValue.read(record);
    boolean deletion = KeyspaceRecords.isDeletion(revisionKey);
    int looked = 0;
    // Before a first version there can only be a deletion, which has killed itself unless it is
    // of the compacted revision.
    if (kv.version() != 1 || revision.main() == target) {
      looked = killBefore(kv.key(), revision);
    }
    if (deletion && revision.main() < target) {
      kill(KeyspaceRecords.pointer(kv.key(), revisionKey), revisionKey, record.length());
    }
    return looked;
  }

  private int killBefore(Bytes key, Revision revision) {
    KeyRange older = KeyspaceRecords.pointersBefore(key, revision);
    int looked = 0;
    try (Cursor cursor = view.scan(KeyspaceRecords.OLD, older)) {
      while (cursor.next()) {
        Bytes pointer = cursor.key();
        kill(
            pointer,
            pointer.slice(older.from().length(), pointer.length()),
            KeyspaceRecords.size(cursor.value()));
        looked++;
      }
    }
    return looked;
  }

  private void kill(Bytes pointer, Bytes revisionKey, int recordBytes) {
    if (seen.add(revisionKey)) {
      dead.add(revisionKey);
      deadPointers.add(pointer);
      bytes += revisionKey.length() + recordBytes;
    }
  }

  /** How many records go. */
  public int removals() {
    return dead.size();
  }

  /** Whether the compaction is done with this step. */
  public boolean isLast() {
    return progress.isEmpty();
  }

  /** By how much the history's records shrink. */
  long bytes() {
    return bytes;
  }

  void addTo(Batch batch) {
    dead.forEach(key -> batch.delete(KeyspaceRecords.KEY, key));
    deadPointers.forEach(pointer -> batch.delete(KeyspaceRecords.OLD, pointer));
    if (progress.isPresent()) {
      batch.put(KeyspaceRecords.META, KeyspaceRecords.COMPACTION_PROGRESS, progress.get().encode());
    } else {
      batch.delete(KeyspaceRecords.META, KeyspaceRecords.COMPACTION_PROGRESS);
      batch.put(
          KeyspaceRecords.META,
          KeyspaceRecords.FINISHED_COMPACTION,
          KeyspaceRecords.revisionKey(target, 0));
    }
  }
}
