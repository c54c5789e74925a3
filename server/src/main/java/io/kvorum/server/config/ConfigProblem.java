// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.util.ArrayList;
import java.util.List;

/** A configuration that can not be used. Nothing has been touched yet. */
public final class ConfigProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;
  private final int exitStatus;

  private ConfigProblem(List<String> lines, int exitStatus) {
    super(String.join("\n", lines), null, false, false);
    this.lines = lines;
    this.exitStatus = exitStatus;
  }

  /** The command line could not be parsed: one line, then the usage; exit status 2. */
  static ConfigProblem parsing(String line, String usage) {
    return new ConfigProblem(List.of(line, usage), 2);
  }

  /** The flags can be read but make no sense; exit status 1. */
  static ConfigProblem verifying(String text, String... more) {
    List<String> lines = new ArrayList<>();
    lines.add("error verifying flags, " + text + ". See 'etcd --help'.");
    lines.addAll(List.of(more));
    return new ConfigProblem(List.copyOf(lines), 1);
  }

  /** Anything else; exit status 1. */
  public static ConfigProblem failing(String line) {
    return new ConfigProblem(List.of(line), 1);
  }

  /** What to print on standard error, line by line. */
  public List<String> lines() {
    return lines;
  }

  public int exitStatus() {
    return exitStatus;
  }
}
