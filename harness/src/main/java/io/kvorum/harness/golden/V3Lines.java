// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The lines of the recordings of v3 commands. They have neither the program's name nor the
 * environment that all commands shared; that stands at the start of the server.
 */
record V3Lines(Map<String, String> environment) {

  V3Lines {
    environment = Map.copyOf(environment);
  }

  /** The environment that the first server start of a recording tells; empty without one. */
  static V3Lines of(List<Json> lines) {
    Map<String, String> environment = new TreeMap<>();
    for (Json line : lines) {
      if (line.get("client_environment").orElse(new Json.Obj(List.of()))
          instanceof Json.Obj(var members)) {
        members.forEach(m -> environment.put(m.name(), ((Json.Text) m.value()).value()));
      }
    }
    return new V3Lines(environment);
  }

  Step.Command command(int n, Json line) {
    return new Step.Command(
        n,
        argv(line),
        environment(line),
        line.string("stdin").orElse(""),
        false,
        outcome("", line, new Observation(Map.of())));
  }

  Step.Background background(int n, Json line) {
    List<List<String>> during = new ArrayList<>();
    Observation recorded = outcome("", line, new Observation(Map.of()));
    for (Json each : line.items("during")) {
      during.add(argv(each));
      recorded = outcome("during %d ".formatted(during.size()), each, recorded);
    }
    Optional<Signal> signal =
        line.string("signalled").map(name -> Signal.valueOf(name.replace("SIG", "")));
    return new Step.Background(
        n,
        argv(line),
        environment(line),
        line.string("stdin").orElse(""),
        during,
        signal,
        recorded);
  }

  private static List<String> argv(Json line) {
    List<String> argv = new ArrayList<>(List.of("etcdctl"));
    argv.addAll(line.strings("args"));
    return argv;
  }

  private Map<String, String> environment(Json line) {
    Map<String, String> all = new TreeMap<>(environment);
    if (line.get("env").orElse(new Json.Obj(List.of())) instanceof Json.Obj(var members)) {
      for (Json.Member member : members) {
        if (member.value() instanceof Json.Text text) {
          all.put(member.name(), text.value());
        } else {
          all.remove(member.name());
        }
      }
    }
    return all;
  }

  private static Observation outcome(String prefix, Json line, Observation before) {
    int exit = Math.toIntExact(line.number("exit").orElseThrow());
    Observation seen =
        before
            .with(prefix + "exit", Optional.of(Integer.toString(exit < 0 ? 128 - exit : exit)))
            .with(prefix + "stderr", line.string("stderr"));
    Optional<String> encoded = line.string("stdout_base64");
    return encoded.isPresent()
        ? seen.with(prefix + "stdout_base64", encoded)
        : seen.with(prefix + "stdout", line.string("stdout"));
  }
}
