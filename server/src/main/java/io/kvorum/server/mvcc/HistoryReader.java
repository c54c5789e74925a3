// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads events back from the records of their revisions. */
final class HistoryReader {

  private final View view;
  private final Versions versions;
  private final long revision;
  private final long compacted;
  private final boolean previous;
  private final Predicate<Bytes> wanted;

  HistoryReader(
      View view, long revision, long compacted, boolean previous, Predicate<Bytes> wanted) {
    this.view = view;
    this.versions = new Versions(view);
    this.revision = revision;
    this.compacted = compacted;
    this.previous = previous;
    this.wanted = wanted;
  }

  History read(long from, int revisionsMax, long bytesMax) {
    List<KeyEvent> events = new ArrayList<>();
    long last = 0;
    int revisions = 0;
    long bytes = 0;
    try (Cursor cursor =
        view.scan(
            KeyspaceRecords.KEY, KeyspaceRecords.revisions(Math.max(from, 0), revision + 1))) {
      while (cursor.next()) {
        Bytes at = cursor.key();
        long main = KeyspaceRecords.revision(at).main();
        if (main != last) {
          if (revisions == revisionsMax || bytes >= bytesMax) {
            return new History(withoutDead(events), main);
          }
          last = main;
          revisions++;
        }
        Bytes record = cursor.value();
        bytes += record.length();
        KeyValue kv = KeyValue.read(record);
        if (wanted.test(kv.key())) {
          events.add(event(at, main, kv));
        }
      }
    }
    return new History(withoutDead(events), Math.max(from, revision + 1));
  }

  /**
   * At the compacted revision itself only the last change of each key is sure to be there still.
   */
  private List<KeyEvent> withoutDead(List<KeyEvent> events) {
    if (events.isEmpty() || events.getFirst().revision() != compacted) {
      return events;
    }
    Set<Bytes> later = new HashSet<>();
    List<KeyEvent> kept = new ArrayList<>();
    for (KeyEvent event : events.reversed()) {
      if (event.revision() != compacted || later.add(event.kv().key())) {
        kept.add(event);
      }
    }
    return kept.reversed();
  }

  private KeyEvent event(Bytes at, long main, KeyValue kv) {
    if (KeyspaceRecords.isDeletion(at)) {
      return new KeyEvent(
          KeyEvent.Kind.DELETE, KeyValue.deleted(kv.key(), main), before(kv.key(), main));
    }
    boolean created = kv.createRevision() == main;
    return new KeyEvent(KeyEvent.Kind.PUT, kv, created ? Optional.empty() : before(kv.key(), main));
  }

  /** The version when the command of {@code main} began; none where that is compacted. */
  private Optional<KeyValue> before(Bytes key, long main) {
    return previous && main - 1 >= compacted
        ? versions.before(key, new Revision(main, 0)).flatMap(versions::load)
        : Optional.empty();
  }
}
