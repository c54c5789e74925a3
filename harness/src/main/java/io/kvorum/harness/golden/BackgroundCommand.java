// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Program;
import io.kvorum.harness.process.Signal;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Runs a command that others run beside, as it was recorded: it is given time to do what it does,
 * the others follow one by one, and when it has said what was recorded it gets its signal.
 *
 * @param ids puts this run's ids in the place of recorded ones
 * @param told hears what was recorded and what is seen, to learn ids
 */
record BackgroundCommand(
    Commands commands, UnaryOperator<List<String>> program, UnaryOperator<String> ids, Told told) {

  /** Hears of one output after the other. */
  interface Told {
    void of(String recorded, String actual);
  }

  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final Duration COMMAND = Duration.ofSeconds(60);
  private static final Duration HANGING = Duration.ofSeconds(12);

  /**
   * What a server needs to note a watch is not to be seen from outside; the recording waited too.
   */
  private static final Duration SETTLING = Duration.ofSeconds(2);

  Observation run(Step.Background step, ReplayServers servers) {
    try (Program running = start(step.argv(), step.environment(), step.input())) {
      awaitSettled(step, running, servers);
      Observation seen = new Observation(Map.of());
      for (int i = 0; i < step.during().size(); i++) {
        seen = during(step, i, seen);
      }
      Map<String, String> recorded = step.recorded().fields();
      if (step.signal().isPresent()) {
        awaitOutput(running, recorded);
        running.signal(step.signal().get());
      } else if (running.awaitExit(HANGING).isEmpty()) {
        // It ended by itself when it was recorded; now it does not.
        running.signal(Signal.INT);
      }
      CommandResult result = Commands.finish(running, COMMAND);
      told.of(recorded.getOrDefault("stdout", ""), result.stdout());
      return outcome("", recorded, running, result, seen);
    }
  }

  private Program start(List<String> argv, Map<String, String> environment, String input) {
    List<String> sent = argv.stream().map(ids).toList();
    boolean keepsReading = argv.contains("-i");
    return keepsReading
        ? commands.startReading(program.apply(sent), environment, input)
        : commands.start(program.apply(sent), environment, input);
  }

  private Observation during(Step.Background step, int index, Observation before) {
    String prefix = "during %d ".formatted(index + 1);
    Map<String, String> environment = new java.util.TreeMap<>(step.environment());
    environment.keySet().removeIf(name -> name.startsWith("ETCDCTL_WATCH"));
    try (Program program = start(step.during().get(index), environment, "")) {
      CommandResult result = Commands.finish(program, COMMAND);
      String recorded = step.recorded().fields().getOrDefault(prefix + "stdout", "");
      told.of(recorded, result.stdout());
      return outcome(prefix, step.recorded().fields(), program, result, before);
    }
  }

  /** What came of a command, its output in base64 where the recording has it so. */
  static Observation outcome(
      String prefix,
      Map<String, String> recorded,
      Program program,
      CommandResult result,
      Observation before) {
    Observation seen =
        before
            .with(prefix + "exit", Optional.of(Integer.toString(result.exit())))
            .with(prefix + "stderr", Optional.of(result.stderr()));
    boolean encoded = recorded.containsKey(prefix + "stdout_base64");
    return encoded
        ? seen.with(
            prefix + "stdout_base64",
            Optional.of(Base64.getEncoder().encodeToString(program.stdoutBytes())))
        : seen.with(prefix + "stdout", Optional.of(result.stdout()));
  }

  private static void awaitSettled(Step.Background step, Program running, ReplayServers servers) {
    List<String> argv = step.argv();
    if (argv.contains("watch") || argv.contains("make-mirror") || argv.contains("-l")) {
      servers.awaitV3Connection(running, SETTLING);
    } else {
      Await.until(ANSWER, () -> !running.isAlive() || !running.stdout().isEmpty());
    }
  }

  private static void awaitOutput(Program running, Map<String, String> recorded) {
    int out =
        recorded.containsKey("stdout_base64")
            ? Base64.getDecoder().decode(recorded.getOrDefault("stdout_base64", "")).length
            : recorded.getOrDefault("stdout", "").length();
    int err = recorded.getOrDefault("stderr", "").length();
    Await.until(
        Duration.ofSeconds(10),
        () ->
            !running.isAlive()
                || running.stdoutBytes().length >= out && running.stderr().length() >= err);
  }
}
