// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl;

import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.terminal.RawArguments;
import io.kvorum.server.observe.log.LogThreshold;
import io.kvorum.server.offline.Export;
import io.kvorum.server.offline.MemberFolders;
import io.kvorum.server.offline.OfflineFailure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code etcdutl}: tools that work on the files of a member that is stopped, and on backups. {@code
 * export}, which genuine etcd does not have, makes a data directory of ours one of theirs.
 */
public final class EtcdutlMain {

  private static final String USAGE =
      """
      NAME:
      	etcdutl - works on the files of a member that is stopped, and on backups

      USAGE:
      	etcdutl snapshot status FILE
      	etcdutl snapshot restore FILE --data-dir DIR
      	etcdutl hashkv FILE [--rev N]
      	etcdutl export --data-dir DIR --output DIR [--wal-dir DIR] [--output-wal-dir DIR]
      	etcdutl version

      Status, restore and hashkv take -w simple|json|fields|table; --help tells their flags.

      Export writes the data directory of a stopped member as genuine etcd has it.
      The output must not exist yet. Genuine etcd 3.4 or 3.5 then goes on as this very member,
      started with the same flags. Never start both directories.
      """;

  private static final Set<String> OPTIONS =
      Set.of("data-dir", "wal-dir", "output", "output-wal-dir");

  private EtcdutlMain() {}

  /** Runs a command line and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    int code = run(Console.ofProcess(), RawArguments.of(arguments));
    if (code != ExitCode.SUCCESS) {
      System.exit(code);
    }
  }

  /** Runs a command line; returns the exit status. */
  static int run(Console console, List<String> arguments) {
    if (arguments.isEmpty() || Set.of("help", "-h", "--help").contains(arguments.getFirst())) {
      console.print(USAGE);
      console.flush();
      return ExitCode.SUCCESS;
    }
    Optional<Integer> shared = new OfflineCommands(console).run(arguments);
    if (shared.isPresent()) {
      return shared.get();
    }
    if (!arguments.getFirst().equals("export")) {
      return refuse(console, "unknown command \"" + arguments.getFirst() + "\" for \"etcdutl\"");
    }
    Map<String, String> options = new HashMap<>();
    Optional<String> mistake = parse(arguments.subList(1, arguments.size()), options);
    if (mistake.isEmpty()) {
      mistake =
          Set.of("data-dir", "output").stream()
              .filter(name -> options.getOrDefault(name, "").isEmpty())
              .map(name -> "required flag \"" + name + "\" not set")
              .sorted()
              .findFirst();
    }
    return mistake.isPresent() ? refuse(console, mistake.get()) : export(console, options);
  }

  private static Optional<String> parse(List<String> arguments, Map<String, String> options) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = (equals < 0 ? argument : argument.substring(0, equals)).replaceFirst("^-+", "");
      if (!argument.startsWith("-") || !OPTIONS.contains(name)) {
        return Optional.of("unknown argument: " + argument);
      }
      if (equals < 0 && ++i == arguments.size()) {
        return Optional.of("flag needs an argument: " + argument);
      }
      options.put(name, equals < 0 ? arguments.get(i) : argument.substring(equals + 1));
    }
    return Optional.empty();
  }

  private static int export(Console console, Map<String, String> options) {
    LogThreshold.set("error");
    try {
      long index =
          Export.make(
              folders(options, "data-dir", "wal-dir"),
              folders(options, "output", "output-wal-dir"));
      console.line(
          "exported to %s: state at index %d, and the log behind it"
              .formatted(options.get("output"), index));
      console.flush();
      return ExitCode.SUCCESS;
    } catch (OfflineFailure failure) {
      return refuse(console, String.valueOf(failure.getMessage()));
    }
  }

  private static MemberFolders folders(Map<String, String> options, String data, String wal) {
    return MemberFolders.of(
        Path.of(options.getOrDefault(data, "")),
        Optional.ofNullable(options.get(wal)).map(Path::of));
  }

  private static int refuse(Console console, String reason) {
    console.errorLine("Error: " + reason);
    return ExitCode.BAD_ARGUMENTS;
  }
}
