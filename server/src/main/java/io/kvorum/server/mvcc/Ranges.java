// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.RangeQuery.Bounds;
import io.kvorum.server.command.RangeQuery.SortOrder;
import io.kvorum.server.command.RangeQuery.SortTarget;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Answers range queries: which keys, in what order, how many of them.
 *
 * <p>Rule: with an order or bounds the whole range is read, filtered, sorted and cut; without, no
 * more than one key above the limit is read, also when there is a sort target (recorded behaviour
 * of etcd 3.4.23). Equal sort fields stay in the order of keys.
 */
final class Ranges {

  private Ranges() {}

  /**
   * The answer to {@code query} as of {@code at}.
   *
   * @param header what the answer calls the present revision
   */
  static KeyspaceResult.Range answer(RangeQuery query, Versions versions, long at, long header) {
    if (query.rangeEnd().isEmpty()) {
      return single(query, versions, at, header);
    }
    long limit = query.limit() > 0 ? query.limit() : Long.MAX_VALUE;
    boolean whole = query.order() != SortOrder.NONE || !query.bounds().equals(Bounds.NONE);
    long most = whole || limit == Long.MAX_VALUE ? Long.MAX_VALUE : limit + 1;
    Versions.Found found = versions.find(query.range(), at, query.countOnly() ? 0 : most);
    return shape(query, found.versions(), found.count(), header);
  }

  private static KeyspaceResult.Range single(
      RangeQuery query, Versions versions, long at, long header) {
    Optional<KeyValue> found = versions.get(query.key(), at);
    List<KeyValue> shown = query.countOnly() ? List.of() : found.stream().toList();
    return shape(query, shown, found.isPresent() ? 1 : 0, header);
  }

  private static KeyspaceResult.Range shape(
      RangeQuery query, List<KeyValue> found, long count, long header) {
    List<KeyValue> shown = found;
    if (!query.bounds().equals(Bounds.NONE)) {
      shown = shown.stream().filter(query.bounds()::admit).toList();
    }
    Comparator<KeyValue> order = order(query.target());
    if (query.order() == SortOrder.DESCEND) {
      shown = shown.stream().sorted(order.reversed()).toList();
    } else if (query.target() != SortTarget.KEY) {
      shown = shown.stream().sorted(order).toList();
    }
    boolean more = query.limit() > 0 && shown.size() > query.limit();
    if (more) {
      shown = shown.subList(0, (int) query.limit());
    }
    if (query.keysOnly()) {
      shown = shown.stream().map(KeyValue::withoutValue).toList();
    }
    return new KeyspaceResult.Range(header, Collections.unmodifiableList(shown), more, count);
  }

  private static Comparator<KeyValue> order(SortTarget target) {
    return switch (target) {
      case KEY -> Comparator.comparing(KeyValue::key);
      case VERSION -> Comparator.comparingLong(KeyValue::version);
      case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
      case MOD -> Comparator.comparingLong(KeyValue::modRevision);
      case VALUE -> Comparator.comparing(KeyValue::value);
    };
  }
}
