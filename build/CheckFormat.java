// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java file of the project in one JVM.
 *
 * <p>A program of its own, because the formatter parses with the JVM it runs on: inside Maven that
 * may be a JDK too old for our sources, while the exec plugin starts the JDK that compiles them.
 *
 * <p>Arguments: the project's root, then {@code check} (report, exit 1 on a difference) or {@code
 * fix} (rewrite in place).
 */
final class CheckFormat {
  private static final Set<String> SKIPPED_FOLDERS = Set.of("target", "data", ".git");

  private CheckFormat() {}

  public static void main(String[] args) throws IOException {
    var root = Path.of(args[0]);
    boolean fix = args[1].equals("fix");
    var arguments = new ArrayList<String>();
    arguments.addAll(fix ? List.of("-i") : List.of("--dry-run", "--set-exit-if-changed"));
    arguments.addAll(javaFiles(root));
    var formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    int status = formatter.run(System.out, System.err, arguments.toArray(String[]::new));
    if (status != 0) {
      System.err.println(
          "The files above are not in google-java-format's form;"
              + " ./mvnw -N validate -Dkvorum.format=fix rewrites them.");
    }
    System.exit(status);
  }

  private static List<String> javaFiles(Path folder) throws IOException {
    var found = new ArrayList<String>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (var entry : entries.sorted().toList()) {
        var name = entry.getFileName().toString();
        if (Files.isDirectory(entry) && !SKIPPED_FOLDERS.contains(name)) {
          found.addAll(javaFiles(entry));
        } else if (name.endsWith(".java")) {
          found.add(entry.toString());
        }
      }
    }
    return found;
  }
}
