// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.observe.LogLevel;
import io.kvorum.server.observe.Metrics;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the diagnosis endpoints show and change.
 *
 * @param serverVersion as {@code 3.7.1}
 * @param commandLine the program and its arguments
 * @param logLevel changes the level of the log
 */
public record Diagnosis(
    Metrics metrics, String serverVersion, List<String> commandLine, Consumer<LogLevel> logLevel) {

  public Diagnosis {
    commandLine = List.copyOf(commandLine);
  }
}
