// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl;

import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.terminal.RawArguments;
import io.kvorum.ctl.v2.EtcdctlV2;
import io.kvorum.ctl.v3.EtcdctlV3;
import java.util.List;

/**
 * {@code etcdctl}: chooses the API and runs one command.
 *
 * <p>The environment's {@code ETCDCTL_API} decides, {@code 2} or {@code 3}; without it the launcher
 * does: the system property {@code kvorum.ctl.api}, which {@code bin/etcdctl3} sets to {@code 3}.
 */
public final class EtcdctlMain {

  private static final String API_VARIABLE = "ETCDCTL_API";
  private static final String API_PROPERTY = "kvorum.ctl.api";

  private EtcdctlMain() {}

  /** Runs a command line and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    int code = run(Console.ofProcess(), RawArguments.of(arguments));
    if (code != ExitCode.SUCCESS) {
      System.exit(code);
    }
  }

  /** Runs a command line; returns the exit status. */
  static int run(Console console, List<String> arguments) {
    String chosen = console.variable(API_VARIABLE);
    String api = chosen.isEmpty() ? System.getProperty(API_PROPERTY, "2") : chosen;
    return switch (api) {
      case "2" -> new EtcdctlV2(console).run(arguments);
      case "3" -> new EtcdctlV3(console).run(arguments);
      default -> refuse(console, "unsupported API version " + api + " in " + API_VARIABLE);
    };
  }

  private static int refuse(Console console, String reason) {
    console.errorLine("etcdctl: " + reason);
    return ExitCode.BAD_ARGUMENTS;
  }
}
