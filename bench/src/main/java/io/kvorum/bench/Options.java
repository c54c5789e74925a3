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

/** What the command line of the comparison says. */
record Options(
    Path kvorum,
    String etcd,
    String etcdctl,
    Path data,
    int port,
    int rounds,
    int seconds,
    int warmSeconds,
    int keys,
    List<Integer> connections,
    Set<String> rows) {

  private static final Map<String, String> DEFAULTS = defaults();

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
    all.put("keys", "1000");
    all.put("connections", "1,10,100");
    all.put("rows", "put,get,quorum-get,start,failover,etcdctl");
    return all;
  }

  static Options parse(List<String> arguments) {
    Map<String, String> given = new LinkedHashMap<>(DEFAULTS);
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i).replaceFirst("^--", "");
      if (!DEFAULTS.containsKey(name) || i + 1 == arguments.size()) {
        throw new IllegalArgumentException(usage());
      }
      given.put(name, arguments.get(i + 1));
    }
    return new Options(
        Path.of(text(given, "kvorum")),
        text(given, "etcd"),
        text(given, "etcdctl"),
        Path.of(text(given, "data")).toAbsolutePath(),
        number(given, "port"),
        number(given, "rounds"),
        number(given, "seconds"),
        number(given, "warm-seconds"),
        number(given, "keys"),
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

  private static String usage() {
    List<String> lines = new ArrayList<>(List.of("usage: bench/compare-v2 [--option value]..."));
    DEFAULTS.forEach((name, value) -> lines.add("  --" + name + " (" + value + ")"));
    return String.join("\n", lines);
  }

  /** The two sides of the comparison, ours first. */
  List<Product> products() {
    return List.of(
        new Product("Kvorum", List.of(kvorum + "/bin/etcd"), List.of(kvorum + "/bin/etcdctl")),
        new Product(
            "etcd", List.of(etcd, "--enable-v2=true", "--log-level=error"), List.of(etcdctl)));
  }

  boolean hasLoad() {
    return Arrays.stream(Load.Kind.values()).anyMatch(kind -> rows.contains(kind.option));
  }

  boolean hasSingle() {
    return rows.stream().anyMatch(Set.of("start", "failover", "etcdctl")::contains);
  }
}
