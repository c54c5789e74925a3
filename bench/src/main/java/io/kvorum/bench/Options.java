// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the command line of a comparison says.
 *
 * @param repeats how often what happens once is tried
 * @param fillKeys how many keys the row has that fills a member
 */
record Options(
    Path kvorum,
    String etcd,
    String etcdctl,
    Path data,
    int port,
    int rounds,
    int seconds,
    int warmSeconds,
    int repeats,
    int keys,
    int fillKeys,
    List<Integer> connections,
    Set<String> rows) {

  private static final String QUICK = "--quick";

  /** What {@link #QUICK} stands for: each row once or twice, in about four minutes. */
  private static final Map<String, String> QUICKLY =
      Map.of(
          "rounds", "2",
          "seconds", "2",
          "warm-seconds", "8",
          "repeats", "3",
          "fill-keys", "100000");

  /**
   * Reads {@code arguments} on top of what holds without them.
   *
   * @param own defaults of this comparison: its rows and connections
   */
  static Options parse(String program, Map<String, String> own, List<String> arguments) {
    Map<String, String> given = defaults();
    given.putAll(own);
    List<String> rest = new ArrayList<>(arguments);
    if (rest.remove(QUICK)) {
      given.putAll(QUICKLY);
    }
    for (int i = 0; i < rest.size(); i += 2) {
      String name = rest.get(i).replaceFirst("^--", "");
      if (!given.containsKey(name) || i + 1 == rest.size()) {
        throw new IllegalArgumentException(usage(program, given));
      }
      given.put(name, rest.get(i + 1));
    }
    return of(given);
  }

  private static Map<String, String> defaults() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("kvorum", "dist/target/kvorum");
    all.put("etcd", "/usr/bin/etcd");
    all.put("etcdctl", "/usr/bin/etcdctl");
    all.put("data", "bench-data");
    all.put("port", "24000");
    all.put("rounds", "3");
    all.put("seconds", "5");
    all.put("warm-seconds", "20");
    all.put("repeats", "5");
    all.put("keys", "1000");
    all.put("fill-keys", "1000000");
    return all;
  }

  private static Options of(Map<String, String> given) {
    return new Options(
        Path.of(text(given, "kvorum")),
        text(given, "etcd"),
        text(given, "etcdctl"),
        Path.of(text(given, "data")).toAbsolutePath(),
        number(given, "port"),
        number(given, "rounds"),
        number(given, "seconds"),
        number(given, "warm-seconds"),
        number(given, "repeats"),
        number(given, "keys"),
        number(given, "fill-keys"),
        words(given, "connections").stream().map(Integer::valueOf).toList(),
        new HashSet<>(words(given, "rows")));
  }

  private static String text(Map<String, String> given, String name) {
    return given.getOrDefault(name, "");
  }

  private static int number(Map<String, String> given, String name) {
    return Integer.parseInt(text(given, name));
  }

  private static List<String> words(Map<String, String> given, String name) {
    return Arrays.asList(text(given, name).split(","));
  }

  private static String usage(String program, Map<String, String> given) {
    List<String> lines =
        new ArrayList<>(List.of("usage: " + program + " [" + QUICK + "] [--option value]..."));
    given.forEach((name, value) -> lines.add("  --" + name + " (" + value + ")"));
    return String.join("\n", lines);
  }

  /** The two sides of the comparison, ours first. */
  List<Product> products() {
    return List.of(
        new Product("Kvorum", List.of(kvorum + "/bin/etcd"), List.of(kvorum + "/bin/etcdctl")),
        new Product(
            "etcd", List.of(etcd, "--enable-v2=true", "--log-level=error"), List.of(etcdctl)));
  }
}
