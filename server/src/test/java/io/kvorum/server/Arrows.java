// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table of arrows of docs/architecture.md: which package of the server may use which.
 *
 * <p>A row is {@code package | what it may use}. {@code raft} and {@code api} stand for the modules
 * of those names, {@code *} for everything. A package without a row of its own belongs to the row
 * of its nearest parent, so {@code transport.v2.watch} follows {@code transport.v2}.
 */
final class Arrows {
  /** Packages that every other one may use. */
  private static final Set<String> COMMON = Set.of("base", "observe");

  private static final String TABLE =
      """
      base              |
      observe           |
      config            |
      command           | raft
      storage.engine    |
      storage.log       | raft
      storage.bolt      | storage.engine
      storage.snapshot  | raft storage.bolt storage.engine
      mvcc              | command storage.engine
      tree              | command storage.engine
      lease             | command storage.engine
      auth              | command storage.engine
      member            | command storage.engine
      alarm             | command storage.engine
      watch             | command mvcc tree
      consensus         | command raft storage.log storage.snapshot
      apply             | command raft storage.bolt storage.engine storage.log storage.snapshot mvcc tree lease \
      auth member alarm watch consensus
      request           | command consensus watch auth mvcc tree member lease alarm
      recipe            | command request
      duty              | command request
      discovery         | config
      transport.net     |
      transport.v2      | command request recipe transport.net
      transport.v3      | command request recipe transport.net api
      transport.gateway | command request recipe transport.net api
      transport.peer    | command request recipe consensus raft transport.net
      transport.admin   | command request recipe transport.net
      transport.console | command request recipe transport.net
      transport.proxy   | command request recipe transport.net
      bootstrap         | *
      offline           | command member mvcc raft storage.bolt storage.engine storage.log storage.snapshot tree apply
      embed             | config bootstrap
      """;

  private final Map<String, Set<String>> rows;

  private Arrows(Map<String, Set<String>> rows) {
    this.rows = rows;
  }

  static Arrows ofTheServer() {
    return parse(TABLE);
  }

  static Arrows parse(String table) {
    var rows = new LinkedHashMap<String, Set<String>>();
    for (var line : table.lines().toList()) {
      int bar = line.indexOf('|');
      rows.put(line.substring(0, bar).strip(), words(line.substring(bar + 1)));
    }
    return new Arrows(rows);
  }

  private static Set<String> words(String text) {
    var words = new TreeSet<>(List.of(text.strip().split("\\s+", -1)));
    words.remove("");
    return words;
  }

  /** The row that a package, named without the server's root, belongs to. */
  Optional<String> rowOf(String packageName) {
    for (String name = packageName; !name.isEmpty(); name = parent(name)) {
      if (rows.containsKey(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static String parent(String packageName) {
    return packageName.substring(0, Math.max(0, packageName.lastIndexOf('.')));
  }

  boolean allows(String fromRow, String toRow) {
    var targets = rows.getOrDefault(fromRow, Set.of());
    return fromRow.equals(toRow)
        || COMMON.contains(toRow)
        || targets.contains(toRow)
        || (targets.contains("*") && !toRow.equals("embed"));
  }

  /** A row that can reach itself over at least one other row, with the way there. */
  Optional<List<String>> cycle() {
    for (var row : rows.keySet()) {
      var way = wayBack(row, row, new ArrayList<>(), new HashSet<>());
      if (way.isPresent()) {
        return way;
      }
    }
    return Optional.empty();
  }

  private Optional<List<String>> wayBack(
      String goal, String at, List<String> way, Set<String> seen) {
    way.add(at);
    for (var next : rows.getOrDefault(at, Set.of())) {
      if (next.equals(goal)) {
        return Optional.of(List.copyOf(way));
      }
      if (seen.add(next)) {
        var found = wayBack(goal, next, way, seen);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    way.removeLast();
    return Optional.empty();
  }
}
