// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The comparison of the v3 API, with a gRPC client of our own that costs little. */
public final class CompareV3 {

  private static final String PROGRAM = "bench/compare-v3";
  private static final Map<String, String> OWN =
      Map.of(
          "connections",
          "1,10,100,1000",
          "rows",
          "put,range,serializable-range,txn,long-range,watch,keep-alive,start,failover,fill");

  /** Rows of a single number of clients. */
  private static final Map<V3Load.Kind, Integer> CLIENTS =
      Map.of(V3Load.Kind.TXN, 100, V3Load.Kind.LONG_RANGE, 10, V3Load.Kind.KEEP_ALIVE, 100);

  private static final Set<String> LOADS_OF_THEIR_OWN = Set.of("watch");

  private CompareV3() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(PROGRAM, OWN, List.of(arguments));
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    int reads = Math.max(1, options.warmSeconds() / 4);
    Comparison comparison = new Comparison(options, Api.V3, System.out);
    comparison.head(
        PROGRAM + " " + String.join(" ", arguments),
        "%d s of put by 100 clients, then %d s each of range and txn"
            .formatted(options.warmSeconds(), reads));
    List<Workload> loads = loads(options);
    if (!loads.isEmpty()) {
      comparison.loads(
          loads,
          List.of(
              new Comparison.WarmUp(load(V3Load.Kind.PUT, 100, options), options.warmSeconds()),
              new Comparison.WarmUp(load(V3Load.Kind.RANGE, 100, options), reads),
              new Comparison.WarmUp(load(V3Load.Kind.TXN, 100, options), reads)));
    }
    new SingleRows(options, System.out).print(Api.V3);
    if (options.rows().contains("fill")) {
      new FillRows(options, System.out).print();
    }
  }

  private static List<Workload> loads(Options options) {
    List<Workload> loads = new ArrayList<>();
    for (V3Load.Kind kind : V3Load.Kind.values()) {
      if (options.rows().contains(kind.option)) {
        Integer only = CLIENTS.get(kind);
        (only == null ? options.connections() : List.of(only))
            .forEach(clients -> loads.add(load(kind, clients, options)));
      }
    }
    if (options.rows().stream().anyMatch(LOADS_OF_THEIR_OWN::contains)) {
      loads.add(new FanOut(100, 10));
    }
    return loads;
  }

  private static V3Load load(V3Load.Kind kind, int clients, Options options) {
    return new V3Load(kind, clients, options.keys());
  }
}
