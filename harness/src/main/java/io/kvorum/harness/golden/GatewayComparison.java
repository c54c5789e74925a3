// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.json.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares answers of the JSON gateway as JSON. Not compared: the order of members, of {@code
 * leases}, {@code keys} and {@code members}; positions, terms, sizes, hashes and versions, as long
 * as both have one; what newer releases have besides in a status and a hash, and whether anything
 * of the store is in use; texts of decoders of JSON; one more or less of a {@code TTL}, and as much
 * less as the replay lags behind. The recorded 412 counts as 400: only the library that Debian's
 * build links has it.
 *
 * @param lag how many seconds later than in the recording the answer may have been given
 */
record GatewayComparison(long lag) implements Comparison {
  private static final Set<String> VOLATILE =
      Set.of(
          "raft_term",
          "raftIndex",
          "raftTerm",
          "raftAppliedIndex",
          "dbSize",
          "dbSizeInUse",
          "version",
          "hash",
          "blob",
          "remaining_bytes");
  private static final Set<String> NEWER =
      Set.of("storageVersion", "dbSizeQuota", "dbSizeInUse", "downgradeInfo", "hash_revision");
  private static final Set<String> UNORDERED = Set.of("leases", "keys", "members");

  @Override
  public boolean same(String field, String expected, String actual) {
    if (field.endsWith("status")) {
      return expected.equals(actual) || (expected.equals("412") && actual.equals("400"));
    }
    return field.endsWith("body") ? sameText(expected, actual) : expected.equals(actual);
  }

  private boolean sameText(String expected, String actual) {
    List<String> lines = expected.strip().lines().toList();
    List<String> others = actual.strip().lines().toList();
    if (lines.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < lines.size(); i++) {
      if (!sameLine(lines.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean sameLine(String expected, String actual) {
    Optional<Json> one = GatewayNames.json(expected);
    Optional<Json> other = GatewayNames.json(actual);
    return one.isPresent() && other.isPresent()
        ? same("", one.get(), other.get())
        : expected.equals(actual);
  }

  private boolean same(String name, Json expected, Json actual) {
    if (VOLATILE.contains(name)) {
      return expected.getClass() == actual.getClass();
    }
    return switch (expected) {
      case Json.Obj one -> actual instanceof Json.Obj other && sameMembers(one, other);
      case Json.Arr(var items) ->
          actual instanceof Json.Arr(var others)
              && (UNORDERED.contains(name)
                  ? sameItems(name, sorted(items), sorted(others))
                  : sameItems(name, items, others));
      case Json.Text(var text) ->
          actual instanceof Json.Text(var seen)
              && (text.equals(seen) || (name.equals("TTL") && sameTtl(text, seen)));
      case Json.Scalar scalar -> scalar.equals(actual);
    };
  }

  private boolean sameMembers(Json.Obj one, Json.Obj other) {
    Map<String, Json> members = byName(one);
    Map<String, Json> others = byName(other);
    if (isDecodersText(members) && members.keySet().equals(others.keySet())) {
      return Objects.equals(members.get("code"), others.get("code"));
    }
    Set<String> names = new TreeSet<>(members.keySet());
    names.addAll(others.keySet());
    for (String name : names) {
      Json expected = members.get(name);
      Json actual = others.get(name);
      boolean same =
          expected == null || actual == null ? NEWER.contains(name) : same(name, expected, actual);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** An error of a request that was no message: its words depend on the library. */
  private static boolean isDecodersText(Map<String, Json> members) {
    return members.get("code") instanceof Json.Scalar(var code)
        && code.equals("3")
        && members.get("message") instanceof Json.Text message
        && !message.value().startsWith("etcdserver:");
  }

  private static Map<String, Json> byName(Json.Obj object) {
    Map<String, Json> members = new TreeMap<>();
    object.members().forEach(member -> members.put(member.name(), member.value()));
    return members;
  }

  private boolean sameItems(String name, List<Json> items, List<Json> others) {
    if (items.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < items.size(); i++) {
      if (!same(name, items.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Json> sorted(List<Json> items) {
    return items.stream().sorted(Comparator.comparing(Json::render)).toList();
  }

  private boolean sameTtl(String recorded, String seen) {
    try {
      return JsonComparison.sameTtl(Long.parseLong(recorded), Long.parseLong(seen), lag);
    } catch (NumberFormatException none) {
      return false;
    }
  }
}
