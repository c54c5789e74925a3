// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.json.Json;
import io.kvorum.harness.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the recorded server and the replayed one call differently: addresses, ids that follow from
 * them, and what servers choose at run time: ids of leases and added members, tokens, and keys of
 * locks and elections, whose end is a lease's id. The last are learned as they come: where both
 * answers have such a name in the same place, one stands for the other from then on.
 */
final class GatewayNames {
  private static final Set<String> CHOSEN = Set.of("ID", "token", "lease", "leader_key");

  /** Ids that clients choose are shorter. */
  private static final int CHOSEN_LENGTH_MIN = 12;

  private static final Pattern OWNED_KEY = Pattern.compile("(.*/)([0-9a-f]{8,16})", Pattern.DOTALL);

  private final Map<String, String> replayed = new LinkedHashMap<>();

  /** {@code recorded} is called {@code actual} here. */
  void put(String recorded, String actual) {
    if (!recorded.equals(actual)) {
      replayed.put(recorded, actual);
    }
  }

  /** What to send in the place of recorded text. */
  String toReplayed(String recorded) {
    String text = recorded;
    for (Map.Entry<String, String> name : replayed.entrySet()) {
      text = text.replace(name.getKey(), name.getValue());
    }
    return text;
  }

  /** What was seen, as the recording would have told it. */
  String toRecorded(String actual) {
    String text = actual;
    for (Map.Entry<String, String> name : replayed.entrySet()) {
      text = text.replace(name.getValue(), name.getKey());
    }
    return text;
  }

  /** Looks for names that the servers chose, line by line. */
  void learn(String recorded, String actual) {
    List<String> lines = recorded.lines().toList();
    List<String> others = actual.lines().toList();
    for (int i = 0; i < Math.min(lines.size(), others.size()); i++) {
      Optional<Json> one = json(lines.get(i));
      Optional<Json> other = json(others.get(i));
      if (one.isPresent() && other.isPresent()) {
        learn("", one.get(), other.get());
      }
    }
  }

  static Optional<Json> json(String text) {
    try {
      return Optional.of(Json.parse(text));
    } catch (JsonSyntaxException none) {
      return Optional.empty();
    }
  }

  private void learn(String name, Json recorded, Json actual) {
    switch (recorded) {
      case Json.Obj(var members) ->
          members.forEach(
              member ->
                  actual
                      .get(member.name())
                      .ifPresent(value -> learn(member.name(), member.value(), value)));
      case Json.Arr(var items) -> {
        if (actual instanceof Json.Arr(var others)) {
          for (int i = 0; i < Math.min(items.size(), others.size()); i++) {
            learn(name, items.get(i), others.get(i));
          }
        }
      }
      case Json.Text(var text) -> {
        if (actual instanceof Json.Text(var seen) && !text.equals(seen)) {
          learnText(name, text, seen);
        }
      }
      case Json.Scalar scalar -> {}
    }
  }

  private void learnText(String name, String recorded, String actual) {
    if (replayed.containsKey(recorded) || replayed.containsValue(actual)) {
      return;
    }
    if (name.equals("key")) {
      learnKey(recorded, actual);
    } else if (CHOSEN.contains(name) && recorded.length() >= CHOSEN_LENGTH_MIN) {
      put(recorded, actual);
    }
  }

  private void learnKey(String recorded, String actual) {
    Matcher one = OWNED_KEY.matcher(decoded(recorded));
    Matcher other = OWNED_KEY.matcher(decoded(actual));
    if (one.matches() && other.matches() && one.group(1).equals(other.group(1))) {
      put(recorded, actual);
      put(decimal(one.group(2)), decimal(other.group(2)));
    }
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException none) {
      return "";
    }
  }

  private static String decimal(String hex) {
    return Long.toString(Long.parseUnsignedLong(hex, 16));
  }
}
