// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.process.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One line of a transcript; {@code n} is its number there. */
sealed interface Step {
  int n();

  record StartServer(int n, String name, List<String> argv, boolean freshDataDir) implements Step {}

  /** The server gets a signal and must end with that status, as a shell shows it. */
  record StopServer(int n, String name, Signal signal, int exit) implements Step {}

  record PauseServer(int n, String name) implements Step {}

  record ResumeServer(int n, String name) implements Step {}

  /** A server just started must end by itself, and say why in its last line. */
  record ServerExit(int n, int exit, String text) implements Step {}

  /** A server that ran, or one just started, has ended by itself. */
  record ServerEnded(int n, int exit) implements Step {}

  /** A request goes to a port of one member, without name to the only or first one. */
  record Target(Optional<String> member, boolean peerPort) {}

  record Http(int n, Target target, HttpCall call, Observation recorded) implements Step {}

  record Repeat(int n, int times, Target target, HttpCall call) implements Step {}

  record WatchStart(int n, String id, Target target, HttpCall call) implements Step {}

  record WatchEnd(int n, String id, Observation recorded) implements Step {
    String end() {
      return recorded.fields().getOrDefault("end", "");
    }
  }

  /**
   * A client command.
   *
   * @param interrupted whether it is ended by SIGINT when it has said what it has to say
   */
  record Command(
      int n,
      List<String> argv,
      Map<String, String> environment,
      String input,
      boolean interrupted,
      Observation recorded)
      implements Step {}

  record CommandStart(int n, List<String> argv) implements Step {}

  record CommandEnd(int n, List<String> argv, boolean interrupted, Observation recorded)
      implements Step {}

  /**
   * A client command that runs while others do, until it ends or is told to.
   *
   * @param during the commands that run meanwhile, one after the other
   * @param signal what ends it; empty when it ends by itself
   * @param recorded what came of it, and under {@code during N} what came of the others
   */
  record Background(
      int n,
      List<String> argv,
      Map<String, String> environment,
      String input,
      List<List<String>> during,
      Optional<Signal> signal,
      Observation recorded)
      implements Step {}

  record Sleep(int n, Duration time) implements Step {}

  record Remark(int n) implements Step {}
}
