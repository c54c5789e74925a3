// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import static java.util.Objects.requireNonNull;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.RangeQuery.SortOrder;
import io.kvorum.server.command.RangeQuery.SortTarget;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Keyspace.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;

/**
 * The v3 keyspace as plain as it can be said: lists of all records, every question answered by
 * walking over them. Compaction is done at once.
 */
final class PlainKeyspace {

  /** A record of history. */
  record Change(long main, long sub, boolean deletion, KeyValue kv) {
    Bytes recordKey() {
      ByteBuffer key = ByteBuffer.allocate(deletion ? 18 : 17);
      key.putLong(main).put((byte) '_').putLong(sub);
      if (deletion) {
        key.put((byte) 't');
      }
      return Bytes.wrap(key.array());
    }

    Bytes recordValue() {
      return deletion ? KeyValue.deleted(kv.key(), 0).encoded() : kv.encoded();
    }
  }

  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    Refused(Reason reason) {
      super(reason.name());
      this.reason = reason;
    }
  }

  private static final long NOW = Long.MAX_VALUE;

  private final LongPredicate leases;
  final List<KeyEvent> events = new ArrayList<>();
  private final TreeMap<Bytes, List<Change>> byKey = new TreeMap<>();
  private List<Change> history = new ArrayList<>();
  private int sub;
  long revision = 1;
  long compacted = -1;

  PlainKeyspace(LongPredicate leases) {
    this.leases = leases;
  }

  // --- what there is ---

  private TreeMap<Bytes, Change> last(long at) {
    TreeMap<Bytes, Change> last = new TreeMap<>();
    byKey.forEach(
        (key, changes) ->
            changes.reversed().stream()
                .filter(change -> change.main <= at)
                .findFirst()
                .ifPresent(change -> last.put(key, change)));
    return last;
  }

  private void record(Change change) {
    history.add(change);
    byKey.computeIfAbsent(change.kv.key(), key -> new ArrayList<>()).add(change);
  }

  private List<KeyValue> alive(KeyRange range, long at) {
    return last(at).values().stream()
        .filter(change -> !change.deletion && range.contains(change.kv.key()))
        .map(Change::kv)
        .toList();
  }

  private Optional<KeyValue> get(Bytes key, long at) {
    return byKey.getOrDefault(key, List.of()).reversed().stream()
        .filter(change -> change.main <= at)
        .findFirst()
        .filter(change -> !change.deletion)
        .map(Change::kv);
  }

  List<Bytes> attached(long lease) {
    return alive(KeyRange.ALL, NOW).stream()
        .filter(kv -> lease != 0 && kv.lease() == lease)
        .map(KeyValue::key)
        .toList();
  }

  long historyBytes() {
    return history.stream()
        .mapToLong(change -> change.recordKey().length() + change.recordValue().length())
        .sum();
  }

  // --- commands ---

  Outcome apply(KeyspaceCommand command) {
    sub = 0;
    try {
      KeyspaceResult result =
          switch (command) {
            case KeyspaceCommand.Put put -> {
              check(put);
              yield run(put);
            }
            case KeyspaceCommand.DeleteRange delete -> run(delete);
            case KeyspaceCommand.Txn txn -> txn(txn);
            case KeyspaceCommand.Compact compact -> compact(compact.revision());
          };
      commit();
      return new Outcome.Keyspace(result);
    } catch (Refused refused) {
      return new Outcome.Refused(new Refusal.Keyspace(refused.reason));
    }
  }

  long deleteAttached(long lease) {
    sub = 0;
    List<Bytes> keys = attached(lease);
    keys.forEach(key -> run(new KeyspaceCommand.DeleteRange(key, Bytes.EMPTY, false)));
    commit();
    return keys.size();
  }

  private void commit() {
    if (sub > 0) {
      revision++;
      events.addAll(events(revision, revision + 1));
    }
  }

  private long header() {
    return sub > 0 ? revision + 1 : revision;
  }

  private KeyspaceResult txn(KeyspaceCommand.Txn txn) {
    TreeMap<Integer, Boolean> choices = new TreeMap<>();
    choose(txn, choices, new int[1]);
    List<Operation> run = new ArrayList<>();
    flatten(txn, choices, new int[1], run);
    for (Operation operation : run) {
      if (operation instanceof KeyspaceCommand.Put put) {
        check(put);
      }
    }
    for (Operation operation : run) {
      if (operation instanceof RangeQuery query) {
        check(query.revision());
      }
    }
    return execute(txn, choices, new int[1]);
  }

  /** Numbers the transactions in the order in which they are come upon. */
  private void choose(KeyspaceCommand.Txn txn, TreeMap<Integer, Boolean> choices, int[] number) {
    boolean holds = txn.compares().stream().allMatch(this::holds);
    choices.put(number[0]++, holds);
    for (Operation operation : holds ? txn.success() : txn.failure()) {
      if (operation instanceof KeyspaceCommand.Txn nested) {
        choose(nested, choices, number);
      }
    }
  }

  private void flatten(
      KeyspaceCommand.Txn txn,
      TreeMap<Integer, Boolean> choices,
      int[] number,
      List<Operation> into) {
    for (Operation operation :
        requireNonNull(choices.get(number[0]++)) ? txn.success() : txn.failure()) {
      if (operation instanceof KeyspaceCommand.Txn nested) {
        flatten(nested, choices, number, into);
      } else {
        into.add(operation);
      }
    }
  }

  private KeyspaceResult execute(
      KeyspaceCommand.Txn txn, TreeMap<Integer, Boolean> choices, int[] number) {
    boolean holds = requireNonNull(choices.get(number[0]++));
    List<KeyspaceResult> results = new ArrayList<>();
    for (Operation operation : holds ? txn.success() : txn.failure()) {
      results.add(
          switch (operation) {
            case KeyspaceCommand.Put put -> run(put);
            case KeyspaceCommand.DeleteRange delete -> run(delete);
            case RangeQuery query -> run(query);
            case KeyspaceCommand.Txn nested -> execute(nested, choices, number);
          });
    }
    return new KeyspaceResult.Txn(header(), holds, results);
  }

  private boolean holds(Compare compare) {
    List<KeyValue> found = alive(KeyspaceCommand.range(compare.key(), compare.rangeEnd()), NOW);
    if (found.isEmpty()) {
      return compare.target() != Compare.Target.VALUE && relates(0, compare);
    }
    return found.stream()
        .allMatch(
            kv ->
                switch (compare.target()) {
                  case VERSION -> relates(kv.version(), compare);
                  case CREATE_REVISION -> relates(kv.createRevision(), compare);
                  case MOD_REVISION -> relates(kv.modRevision(), compare);
                  case LEASE -> relates(kv.lease(), compare);
                  case VALUE -> relates(kv.value().compareTo(compare.value()), compare.relation());
                });
  }

  private static boolean relates(long stored, Compare compare) {
    return relates(Long.compare(stored, compare.number()), compare.relation());
  }

  private static boolean relates(int order, Compare.Relation relation) {
    return switch (relation) {
      case EQUAL -> order == 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
      case NOT_EQUAL -> order != 0;
    };
  }

  private void check(KeyspaceCommand.Put put) {
    if (put.lease() != 0 && !leases.test(put.lease())) {
      throw new Refused(Reason.LEASE_NOT_FOUND);
    }
    if ((put.ignoreLease() || put.ignoreValue()) && get(put.key(), NOW).isEmpty()) {
      throw new Refused(Reason.KEY_NOT_FOUND);
    }
  }

  private void check(long at) {
    if (at > revision) {
      throw new Refused(Reason.FUTURE_REVISION);
    }
    if (at > 0 && at < compacted) {
      throw new Refused(Reason.COMPACTED);
    }
  }

  private KeyspaceResult run(KeyspaceCommand.Put put) {
    Optional<KeyValue> before = get(put.key(), NOW);
    Bytes value = put.value();
    long lease = put.lease();
    if (put.ignoreValue()) {
      value = before.isPresent() ? before.get().value() : Bytes.EMPTY;
    }
    if (put.ignoreLease()) {
      lease = before.isPresent() ? before.get().lease() : 0;
    }
    long main = revision + 1;
    long created = before.isPresent() ? before.get().createRevision() : main;
    long version = before.isPresent() ? before.get().version() + 1 : 1;
    KeyValue kv = KeyValue.of(put.key(), created, main, version, value, lease);
    record(new Change(main, sub++, false, kv));
    return new KeyspaceResult.Put(main, put.previous() ? before : Optional.empty());
  }

  private KeyspaceResult run(KeyspaceCommand.DeleteRange delete) {
    List<KeyValue> found = alive(KeyspaceCommand.range(delete.key(), delete.rangeEnd()), NOW);
    for (KeyValue kv : found) {
      record(new Change(revision + 1, sub++, true, KeyValue.deleted(kv.key(), revision + 1)));
    }
    return new KeyspaceResult.DeleteRange(
        header(), found.size(), delete.previous() ? found : List.of());
  }

  private KeyspaceResult compact(long at) {
    if (at <= compacted) {
      throw new Refused(Reason.COMPACTED);
    }
    if (at > revision) {
      throw new Refused(Reason.FUTURE_REVISION);
    }
    compacted = at;
    Set<Change> newest = new HashSet<>(last(at).values());
    List<Change> all = history;
    history = new ArrayList<>();
    byKey.clear();
    for (Change change : all) {
      boolean stays = newest.contains(change) && !(change.deletion && change.main < at);
      if (change.main > at || stays) {
        record(change);
      }
    }
    return new KeyspaceResult.Compact(revision);
  }

  // --- queries ---

  Outcome range(RangeQuery query) {
    sub = 0;
    try {
      check(query.revision());
      return new Outcome.Keyspace(run(query));
    } catch (Refused refused) {
      return new Outcome.Refused(new Refusal.Keyspace(refused.reason));
    }
  }

  private KeyspaceResult run(RangeQuery query) {
    List<KeyValue> all = alive(query.range(), query.revision() > 0 ? query.revision() : NOW);
    if (query.countOnly()) {
      return new KeyspaceResult.Range(header(), List.of(), false, all.size());
    }
    List<KeyValue> found = new ArrayList<>(all);
    RangeQuery.Bounds bounds = query.bounds();
    boolean bounded = !bounds.equals(RangeQuery.Bounds.NONE);
    boolean limited = query.limit() > 0;
    if (limited && query.order() == SortOrder.NONE && !bounded) {
      found = found.subList(0, (int) Math.min(found.size(), query.limit() + 1));
    }
    found.removeIf(
        kv ->
            (bounds.modMin() != 0 && kv.modRevision() < bounds.modMin())
                || (bounds.modMax() != 0 && kv.modRevision() > bounds.modMax())
                || (bounds.createMin() != 0 && kv.createRevision() < bounds.createMin())
                || (bounds.createMax() != 0 && kv.createRevision() > bounds.createMax()));
    if (query.order() != SortOrder.NONE || query.target() != SortTarget.KEY) {
      Comparator<KeyValue> order =
          switch (query.target()) {
            case KEY -> Comparator.comparing(KeyValue::key);
            case VERSION -> Comparator.comparing(KeyValue::version);
            case CREATE -> Comparator.comparing(KeyValue::createRevision);
            case MOD -> Comparator.comparing(KeyValue::modRevision);
            case VALUE -> Comparator.comparing(KeyValue::value);
          };
      found.sort(query.order() == SortOrder.DESCEND ? order.reversed() : order);
    }
    boolean more = limited && found.size() > query.limit();
    if (more) {
      found = found.subList(0, (int) query.limit());
    }
    if (query.keysOnly()) {
      found = found.stream().map(KeyValue::withoutValue).toList();
    }
    return new KeyspaceResult.Range(header(), List.copyOf(found), more, all.size());
  }

  /** The rule as it is written down: docs/compatibility.md, HashKV. */
  Outcome hash(long at) {
    try {
      check(at);
    } catch (Refused refused) {
      return new Outcome.Refused(new Refusal.Keyspace(refused.reason));
    }
    long upTo = at > 0 ? at : revision;
    Set<Bytes> kept = new TreeSet<>();
    last(upTo).values().stream()
        .filter(change -> !change.deletion)
        .forEach(change -> kept.add(change.recordKey()));
    CRC32C crc = new CRC32C();
    crc.update(Bytes.utf8("key").toArray());
    for (Change change : history) {
      boolean counts =
          change.main > compacted || kept.isEmpty() || kept.contains(change.recordKey());
      boolean spared = change.deletion && change.main == compacted;
      if (change.main <= upTo && counts && !spared) {
        crc.update(change.recordKey().toArray());
        crc.update(change.recordValue().toArray());
      }
    }
    return new Outcome.Keyspace(
        new KeyspaceResult.Hash(revision, (int) crc.getValue(), compacted, upTo));
  }

  /** What happened in [from, to), as watchers see it. */
  List<KeyEvent> events(long from, long to) {
    List<KeyEvent> events = new ArrayList<>();
    for (Change change : history) {
      if (change.main >= from && change.main < to) {
        boolean created = !change.deletion && change.kv.createRevision() == change.main;
        Optional<KeyValue> previous =
            created || change.main - 1 < compacted
                ? Optional.empty()
                : get(change.kv.key(), change.main - 1);
        events.add(
            new KeyEvent(
                change.deletion ? KeyEvent.Kind.DELETE : KeyEvent.Kind.PUT, change.kv, previous));
      }
    }
    return events;
  }
}
