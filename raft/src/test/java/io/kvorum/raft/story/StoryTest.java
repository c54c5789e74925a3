// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every script under {@code stories}. In a script {@code > command} is carried out, the lines
 * behind it are what it must have led to, {@code #} lines are the story's words.
 *
 * <p>{@code -Dstories.rewrite} writes what happened into the scripts instead of comparing; the
 * change is then read like any other.
 */
final class StoryTest {

  private static final Path STORIES = Path.of("src", "test", "resources", "stories");
  private static final boolean REWRITE = System.getProperty("stories.rewrite") != null;

  @TestFactory
  List<DynamicTest> stories() throws IOException {
    try (Stream<Path> files = Files.list(STORIES)) {
      List<DynamicTest> tests =
          files
              .filter(file -> file.toString().endsWith(".txt"))
              .sorted()
              .map(file -> DynamicTest.dynamicTest(title(file), () -> check(file)))
              .toList();
      assertFalse(tests.isEmpty());
      return tests;
    }
  }

  private static String title(Path file) {
    return file.getFileName().toString().replace(".txt", "").replace('-', ' ');
  }

  private static void check(Path file) throws IOException {
    List<String> written = Files.readAllLines(file);
    List<String> happened = replay(written);
    if (REWRITE) {
      Files.write(file, happened);
    } else {
      for (int i = 0; i < Math.max(written.size(), happened.size()); i++) {
        assertEquals(line(written, i), line(happened, i), file.getFileName() + " line " + (i + 1));
      }
    }
  }

  private static String line(List<String> lines, int at) {
    return at < lines.size() ? lines.get(at) : "(the end)";
  }

  /** The script as it would have to be, were everything that happens right. */
  private static List<String> replay(List<String> script) {
    Story story = new Story();
    List<String> happened = new ArrayList<>();
    for (String line : script) {
      if (line.startsWith("> ")) {
        happened.add(line);
        try {
          story.run(line.substring(2)).forEach(told -> happened.add("  " + told));
        } catch (RuntimeException e) {
          happened.add("  !! " + e.getMessage());
        }
      } else if (line.startsWith("#") || line.isEmpty()) {
        happened.add(line);
      }
    }
    return happened;
  }
}
