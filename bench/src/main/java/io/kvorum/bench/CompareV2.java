// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The comparison of the v2 API, with {@code wrk} as the client. */
public final class CompareV2 {

  private static final String PROGRAM = "bench/compare-v2";
  private static final Map<String, String> OWN =
      Map.of("connections", "1,10,100", "rows", "put,get,quorum-get,start,failover,etcdctl");

  private CompareV2() {}

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
    Comparison comparison = new Comparison(options, Api.V2, System.out);
    comparison.head(
        PROGRAM + " " + String.join(" ", arguments),
        "%d s of PUT at 100 connections, then %d s each of GET and quorum GET"
            .formatted(options.warmSeconds(), reads));
    List<Load> loads = loads(options);
    if (!loads.isEmpty()) {
      comparison.loads(
          loads,
          List.of(
              new Comparison.WarmUp(load(Load.Kind.PUT, 100, options), options.warmSeconds()),
              new Comparison.WarmUp(load(Load.Kind.GET, 100, options), reads),
              new Comparison.WarmUp(load(Load.Kind.QUORUM_GET, 100, options), reads)));
    }
    new SingleRows(options, System.out).print(Api.V2);
  }

  private static List<Load> loads(Options options) {
    List<Load> loads = new ArrayList<>();
    Arrays.stream(Load.Kind.values())
        .filter(kind -> options.rows().contains(kind.option))
        .forEach(
            kind ->
                options
                    .connections()
                    .forEach(connections -> loads.add(load(kind, connections, options))));
    return loads;
  }

  private static Load load(Load.Kind kind, int connections, Options options) {
    return new Load(kind, connections, options.keys(), options.data());
  }
}
