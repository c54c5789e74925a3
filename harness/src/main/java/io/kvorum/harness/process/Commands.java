// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs client commands in one folder with one environment.
 *
 * @param prefix put before every command, for example to enter a network namespace
 */
public record Commands(List<String> prefix, Map<String, String> environment, Path folder) {
  public Commands {
    prefix = List.copyOf(prefix);
    environment = Map.copyOf(environment);
  }

  /** Starts a command that is left running; its input is empty. */
  public Program start(List<String> command, Map<String, String> additions, String input) {
    Program program = launch(command, additions);
    program.feed(input);
    return program;
  }

  /** Starts a command whose input begins like this and does not end. */
  public Program startReading(List<String> command, Map<String, String> additions, String input) {
    Program program = launch(command, additions);
    program.feedSome(input);
    return program;
  }

  private Program launch(List<String> command, Map<String, String> additions) {
    List<String> full = new ArrayList<>(prefix);
    full.addAll(command);
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.putAll(additions);
    try {
      Path outputs = Files.createDirectories(folder.resolve(".outputs"));
      Path out = Files.createTempFile(outputs, "out", "");
      Path err = Files.createTempFile(outputs, "err", "");
      return Program.start(full, all, folder, out, err);
    } catch (IOException e) {
      throw new ProcessFailure("no room for outputs in " + folder, e);
    }
  }

  /**
   * Runs a command to its end.
   *
   * @throws ProcessFailure when it does not end in time; it is killed then
   */
  public CommandResult run(
      List<String> command, Map<String, String> additions, String input, Duration timeout) {
    try (Program program = start(command, additions, input)) {
      return finish(program, timeout);
    }
  }

  /** {@link #run} without additions and input, with half a minute. */
  public CommandResult run(String... command) {
    return run(List.of(command), Map.of(), "", Duration.ofSeconds(30));
  }

  /** Waits for the end of a command that was left running. */
  public static CommandResult finish(Program program, Duration timeout) {
    int exit =
        program
            .awaitExit(timeout)
            .orElseThrow(
                () ->
                    new ProcessFailure(
                        "%s did not end within %s; stdout: %s; stderr: %s"
                            .formatted(program, timeout, program.stdout(), program.stderr())));
    return new CommandResult(exit, program.stdout(), program.stderr());
  }
}
