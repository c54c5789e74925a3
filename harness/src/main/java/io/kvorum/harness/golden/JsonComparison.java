// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.json.Json;
import io.kvorum.harness.json.JsonSyntaxException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compares JSON lines: order of members, digits and escapes count; not compared are
 *
 * <ul>
 *   <li>{@code expiration}: both must be UTC times with nanoseconds, trailing zeros trimmed
 *   <li>{@code ttl}: may be one off, and lower by as much as the replay lags behind the recording
 *   <li>the order of {@code nodes}, where the request left it open
 *   <li>the members named as volatile, as long as both are of one kind; those named as optional may
 *       also be missing on either side
 * </ul>
 *
 * @param lag how many seconds later than in the recording the answer may have been given
 */
record JsonComparison(
    boolean nodesInOrder, long lag, Set<String> volatileNames, Set<String> optionalNames) {
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{0,8}[1-9])?Z");

  /** For texts without members of their own volatility. */
  static JsonComparison plain(boolean nodesInOrder, long lag) {
    return new JsonComparison(nodesInOrder, lag, Set.of(), Set.of());
  }

  /** Compares line by line; lines that are not compact JSON must be equal as they are. */
  boolean sameText(String expected, String actual) {
    List<String> lines = List.of(expected.split("\n", -1));
    List<String> others = List.of(actual.split("\n", -1));
    if (lines.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).equals(others.get(i)) && !sameLine(lines.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean sameLine(String expected, String actual) {
    try {
      Json one = Json.parse(expected);
      Json other = Json.parse(actual);
      boolean compact = one.render().equals(expected) && other.render().equals(actual);
      return compact && same(one, other);
    } catch (JsonSyntaxException e) {
      return false;
    }
  }

  private boolean same(Json expected, Json actual) {
    return switch (expected) {
      case Json.Obj one -> actual instanceof Json.Obj other && sameMembers(one, other);
      case Json.Arr(var items) ->
          actual instanceof Json.Arr(var others) && sameItems(items, others);
      case Json.Text text -> text.equals(actual);
      case Json.Scalar scalar -> scalar.equals(actual);
    };
  }

  private boolean sameMembers(Json.Obj one, Json.Obj other) {
    List<Json.Member> members = required(one);
    List<Json.Member> others = required(other);
    if (members.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < members.size(); i++) {
      String name = members.get(i).name();
      if (!name.equals(others.get(i).name())
          || !sameMember(name, members.get(i).value(), others.get(i).value())) {
        return false;
      }
    }
    return true;
  }

  private List<Json.Member> required(Json.Obj object) {
    return object.members().stream().filter(m -> !optionalNames.contains(m.name())).toList();
  }

  private boolean sameMember(String name, Json one, Json other) {
    if (volatileNames.contains(name)) {
      return one.getClass() == other.getClass();
    }
    return switch (name) {
      case "expiration" -> isTime(one) && isTime(other);
      case "ttl" ->
          one instanceof Json.Scalar(var recorded)
              && other instanceof Json.Scalar(var seen)
              && sameTtl(Long.parseLong(recorded), Long.parseLong(seen), lag);
      case "nodes" ->
          !nodesInOrder && one instanceof Json.Arr some && other instanceof Json.Arr others
              ? sameItems(byKey(some), byKey(others))
              : same(one, other);
      default -> same(one, other);
    };
  }

  private boolean sameItems(List<Json> items, List<Json> others) {
    if (items.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < items.size(); i++) {
      if (!same(items.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Json> byKey(Json.Arr nodes) {
    return nodes.items().stream()
        .sorted(Comparator.comparing(node -> node.string("key").orElse("")))
        .toList();
  }

  private static boolean isTime(Json value) {
    return value instanceof Json.Text text && TIME.matcher(text.raw()).matches();
  }

  /** Whether both can be what is left of one time to live, seen at two paces. */
  static boolean sameTtl(long recorded, long seen, long lag) {
    return seen <= recorded + 1 && seen >= recorded - 1 - lag;
  }
}
