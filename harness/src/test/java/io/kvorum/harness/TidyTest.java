// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The house style as far as a program can read it, over the sources of all modules.
 *
 * <p>What a compiler plug-in or the formatter already checks is not repeated here.
 */
class TidyTest {
  private static final String LICENCE = "// SPDX-License-Identifier: Apache-2.0";
  private static final int LINES_MAX = 500;

  /** A file above the limit says why with a comment that begins like this. */
  private static final String PLEA = "Longer than 500 lines because";

  private static final Pattern VAGUE_NAME =
      Pattern.compile(
          "\\b(?:class|interface|record|enum)\\s+"
              + "\\w*(?:Manager|Helpers?|Utils?|Utilities|Impl|Data)\\b");

  private static final Pattern OPEN_POINT = Pattern.compile("\\b(?:TODO|FIXME|XXX)\\b");
  private static final Pattern DECISION = Pattern.compile("decisions?[/ ]\\d{4}");

  private static final Pattern DEFINITION = Pattern.compile("^\\s*(?:message|enum|service|rpc) ");

  private static final Pattern LOCAL_LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)");

  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<(?:dependency|path)>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>");

  /** Put together from halves, so that this file passes its own test. */
  private static final Pattern MACHINE_PATH =
      Pattern.compile(
          Stream.of(
                  "/wo" + "rk/", "/tmp/" + "kv\\b", "/fa" + "rm/", "/home/" + "\\w", "/ro" + "ot/")
              .collect(Collectors.joining("|", "(?<![\\w.])(?:", ")")));

  /** Tests that must let real time pass; the reason stands in the file itself. */
  private static final Set<String> SLEEPERS = Set.of();

  private static final Set<String> SKIPPED_FOLDERS =
      Set.of("target", "data", ".git", ".idea", ".vscode");

  private static final Path ROOT = root();
  private static final List<Path> FILES = files();

  @Test
  void everyModuleIsSeen() {
    assertTrue(java().count() > 10, "only " + FILES.size() + " files below " + ROOT);
  }

  @Test
  void aSourceFileBeginsWithTheLicence() {
    assertNone(
        "files without the licence line",
        Stream.concat(java(), definitions())
            .filter(file -> !lines(file).getFirst().equals(LICENCE))
            .map(TidyTest::name));
  }

  @Test
  void aDefinitionOfTheWireSaysWhatItIs() {
    assertTrue(definitions().findAny().isPresent(), "no .proto file below " + ROOT);
    assertNone(
        "messages, enums, services and methods without a comment above them",
        definitions().flatMap(TidyTest::uncommented));
  }

  private static Stream<String> uncommented(Path definition) {
    var lines = lines(definition);
    return IntStream.range(1, lines.size())
        .filter(at -> DEFINITION.matcher(lines.get(at)).find())
        .filter(at -> !lines.get(at - 1).strip().startsWith("//"))
        .mapToObj(at -> name(definition) + ":" + (at + 1) + ": " + lines.get(at).strip());
  }

  private static Stream<Path> definitions() {
    return FILES.stream().filter(file -> file.toString().endsWith(".proto"));
  }

  @Test
  void aPackageSaysItsPurposeAndItsStanceOnNull() {
    assertNone(
        "folders whose package has no package-info with a comment and @NullMarked",
        java()
            .filter(file -> file.toString().contains("/java/"))
            .map(Path::getParent)
            .distinct()
            .filter(folder -> packageInfos(folder).noneMatch(TidyTest::isMarked))
            .map(TidyTest::name));
  }

  /** The package's own description, in this source folder or in a main one of any module. */
  private static Stream<Path> packageInfos(Path folder) {
    var text = folder.toString();
    var packagePath = text.substring(text.indexOf("/java/") + "/java/".length());
    var elsewhere =
        java()
            .filter(file -> file.endsWith(Path.of(packagePath, "package-info.java")))
            .filter(file -> file.toString().contains("/src/main/java/"));
    return Stream.concat(Stream.of(folder.resolve("package-info.java")), elsewhere)
        .filter(Files::exists);
  }

  private static boolean isMarked(Path packageInfo) {
    var text = String.join("\n", lines(packageInfo));
    return text.contains("@NullMarked") && text.contains("/**");
  }

  private static boolean pleads(String line) {
    return line.contains("* " + PLEA) || line.contains("* <p>" + PLEA);
  }

  @Test
  void aFileStaysShort() {
    assertNone(
        "files over " + LINES_MAX + " lines without a comment '" + PLEA + " ...'",
        java()
            .filter(file -> lines(file).size() > LINES_MAX)
            .filter(file -> lines(file).stream().noneMatch(TidyTest::pleads))
            .map(file -> name(file) + ": " + lines(file).size()));
  }

  @Test
  void aTypeHasANameThatSaysWhatItIs() {
    assertNone("types with a vague name", linesThat(java(), VAGUE_NAME.asPredicate()));
  }

  @Test
  void anOpenPointNamesItsDecisionRecord() {
    var open = OPEN_POINT.asPredicate();
    assertNone(
        "open points without a decision record",
        linesThat(
            java().filter(file -> !file.endsWith("TidyTest.java")),
            line -> open.test(line) && !DECISION.matcher(line).find()));
  }

  @Test
  void aTestWaitsForAConditionNotForTime() {
    assertNone(
        "tests that sleep",
        linesThat(
            java()
                .filter(file -> file.toString().contains("/src/test/"))
                .filter(file -> !file.endsWith("TidyTest.java"))
                .filter(file -> !SLEEPERS.contains(file.getFileName().toString())),
            line -> line.contains("Thread.sleep") || line.contains("TimeUnit.SECONDS.sleep")));
  }

  @Test
  void nothingKnowsTheMachineItWasWrittenOn() {
    assertNone("paths of one machine", linesThat(FILES.stream(), MACHINE_PATH.asPredicate()));
  }

  @Test
  void aLinkBetweenPagesLeadsSomewhere() {
    assertNone(
        "links to files that do not exist",
        FILES.stream()
            .filter(file -> file.toString().endsWith(".md"))
            .flatMap(
                page ->
                    LOCAL_LINK
                        .matcher(String.join("\n", lines(page)))
                        .results()
                        .map(link -> link.group(1))
                        .filter(target -> !Files.exists(page.resolveSibling(target)))
                        .map(target -> name(page) + ": " + target)));
  }

  @Test
  void aDependencyHasItsReasonOnRecord() {
    var record = String.join("\n", lines(ROOT.resolve("docs/decisions/0009-dependencies.md")));
    assertNone(
        "artifacts without a line in the record of dependencies",
        FILES.stream()
            .filter(file -> file.endsWith("pom.xml"))
            .flatMap(file -> DEPENDENCY.matcher(String.join("", lines(file))).results())
            .filter(found -> !found.group(1).equals("io.kvorum"))
            .map(found -> found.group(2))
            .filter(artifact -> !artifact.endsWith("-bom") && !record.contains(artifact))
            .distinct());
  }

  private static Stream<String> linesThat(Stream<Path> files, Predicate<String> match) {
    return files.flatMap(
        file -> {
          var lines = lines(file);
          return IntStream.range(0, lines.size())
              .filter(at -> match.test(lines.get(at)))
              .mapToObj(at -> name(file) + ":" + (at + 1) + ": " + lines.get(at).strip());
        });
  }

  private static Stream<Path> java() {
    return FILES.stream().filter(file -> file.toString().endsWith(".java"));
  }

  private static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  /** The lines of a file; of one that is not text, none. */
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (MalformedInputException notText) {
      return List.of();
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  /** The nearest folder above the working one that holds the Maven wrapper. */
  private static Path root() {
    return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
        .filter(folder -> Files.exists(folder.resolve("mvnw")))
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> files() {
    var found = new ArrayList<Path>();
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && !file.endsWith(".git")) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new AssertionError("cannot walk " + ROOT, e);
    }
    return List.copyOf(found);
  }

  private static void assertNone(String what, Stream<String> found) {
    var lines = found.toList();
    if (!lines.isEmpty()) {
      fail(what + ":\n" + String.join("\n", lines));
    }
  }
}
