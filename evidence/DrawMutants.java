// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Draws faults at random: {@code java evidence/DrawMutants.java SEED COUNT} in the project's folder
 * writes {@code evidence/mutants/drawn-*.patch}. A fault is one small change of one line of code; a
 * line is drawn, then one of the changes that fit it. What does not compile is left out when the
 * mutants are run, and counted.
 */
final class DrawMutants {
  private static final Path FOLDER = Path.of("evidence", "mutants");
  private static final String SERVER = "server/src/main/java/io/kvorum/server/";
  private static final String RAFT = "raft/src/main/java/io/kvorum/raft/";

  /** Folder, the tests of its area, and those that take longer. */
  private record Area(String folder, String module, String tests, String then, String switches) {}

  private static final List<Area> AREAS =
      List.of(
          new Area(
              RAFT,
              "raft",
              "ConfigurationTest,EntryRingTest,InflightsTest,PersistMarksTest,ProgressTest,QuorumTest,"
                  + "RaftCoreChangesTest,RaftCoreTest,RaftLogTest,RaftWireTest,UnappliedChangeTest,"
                  + "StoryTest,EvidenceScenariosTest",
              "SimulationTest",
              "-Dseeds=300"),
          new Area(
              SERVER + "storage/log/",
              "server",
              "GoldenLogTest,WriteAheadLogTest,RunningCrcTest,LogDamageTest",
              "LogCrashTest,PowerLossTest",
              "-Dstorage.seeds=60"),
          new Area(
              SERVER + "apply/",
              "server",
              "RoundTest,ApplyLoopTest,SnapshotDeskTest",
              "BackupTest,ForcedClusterTest,PowerLossTest,StartTest",
              "-Dkills=10"),
          new Area(
              SERVER + "watch/",
              "server",
              "TreeWatchesTest,GoldenKeysTest,KeyspaceWatchesTwinTest",
              "PowerLossTest",
              "-Dkills=10"));

  private static final Map<String, Function<String, Optional<String>>> CHANGES = changes();

  private DrawMutants() {}

  private static Map<String, Function<String, Optional<String>>> changes() {
    Map<String, Function<String, Optional<String>>> changes = new TreeMap<>();
    changes.put(
        "a condition turned round", line -> replace(line, "\\bif \\((.*)\\) \\{$", "if (!($1)) {"));
    changes.put("< made <=", line -> replace(line, " < ", " <= "));
    changes.put("<= made <", line -> replace(line, " <= ", " < "));
    changes.put("> made >=", line -> replace(line, " > ", " >= "));
    changes.put(">= made >", line -> replace(line, " >= ", " > "));
    changes.put("== made !=", line -> replace(line, " == ", " != "));
    changes.put("!= made ==", line -> replace(line, " != ", " == "));
    changes.put("&& made ||", line -> replace(line, " && ", " || "));
    changes.put("|| made &&", line -> replace(line, " \\|\\| ", " && "));
    changes.put("+ 1 left out", line -> replace(line, " \\+ 1\\b", ""));
    changes.put("- 1 left out", line -> replace(line, " - 1\\b", ""));
    changes.put("min made max", line -> replace(line, "Math\\.min\\(", "Math.max("));
    changes.put("max made min", line -> replace(line, "Math\\.max\\(", "Math.min("));
    changes.put("true made false", line -> replace(line, "\\btrue\\b", "false"));
    changes.put("false made true", line -> replace(line, "\\bfalse\\b", "true"));
    changes.put("a call left out", line -> replace(line, "^\\s+[\\w.]+\\([^;]*\\);$", ""));
    changes.put(
        "an assignment left out", line -> replace(line, "^\\s+[\\w.\\[\\]]+ [-+|&]?= [^;]*;$", ""));
    return changes;
  }

  private static Optional<String> replace(String line, String pattern, String by) {
    Matcher matcher = Pattern.compile(pattern).matcher(line);
    return matcher.find() ? Optional.of(matcher.replaceFirst(by)) : Optional.empty();
  }

  public static void main(String[] arguments) throws IOException {
    long seed = Long.parseLong(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    Random random = new Random(seed);
    List<String> drawn = new ArrayList<>();
    while (drawn.size() < count) {
      // half of them in the core, the others anywhere else
      Area area = random.nextBoolean() ? AREAS.get(0) : AREAS.get(1 + random.nextInt(3));
      List<Path> files = sources(area);
      Path file = files.get(random.nextInt(files.size()));
      List<String> lines = Files.readAllLines(file);
      int at = random.nextInt(lines.size());
      List<String> names =
          CHANGES.keySet().stream()
              .filter(name -> CHANGES.get(name).apply(lines.get(at)).isPresent())
              .toList();
      boolean code = !lines.get(at).matches("\\s*(\\*|//|/\\*|import|package).*");
      String place = file + ":" + (at + 1);
      if (code && !names.isEmpty() && !drawn.contains(place)) {
        drawn.add(place);
        String name = names.get(random.nextInt(names.size()));
        String changed = CHANGES.get(name).apply(lines.get(at)).orElseThrow();
        Path patch = FOLDER.resolve("drawn-%d-%02d.patch".formatted(seed, drawn.size()));
        Files.writeString(patch, patch(area, file, lines, at, name, changed));
      }
    }
  }

  private static List<Path> sources(Area area) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(area.folder()))) {
      return files
          .filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
          .sorted()
          .toList();
    }
  }

  private static String patch(
      Area area, Path file, List<String> lines, int at, String name, String changed) {
    int from = Math.max(0, at - 3);
    int to = Math.min(lines.size(), at + 4);
    StringBuilder hunk = new StringBuilder();
    for (int i = from; i < to; i++) {
      if (i == at) {
        hunk.append('-').append(lines.get(i)).append("\n+").append(changed).append('\n');
      } else {
        hunk.append(' ').append(lines.get(i)).append('\n');
      }
    }
    int size = to - from;
    return """
    Fault: drawn: %s, %s, in `%s`
    Module: %s
    Tests: %s
    Then: %s
    Switches: %s

    --- a/%s
    +++ b/%s
    @@ -%d,%d +%d,%d @@
    """
            .formatted(
                file.getFileName().toString().replace(".java", ""),
                name,
                lines.get(at).strip(),
                area.module(),
                area.tests(),
                area.then(),
                area.switches(),
                file,
                file,
                from + 1,
                size,
                from + 1,
                size)
        + hunk;
  }
}
