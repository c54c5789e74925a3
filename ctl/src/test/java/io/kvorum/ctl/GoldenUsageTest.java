// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.ctl.json.JsonReader;
import io.kvorum.ctl.json.JsonSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Help, versions and wrong usage against the recorded behaviour of etcdctl 2.3.7: those steps of
 * its command transcript (by their line number there) that need no server.
 */
class GoldenUsageTest {

  private record Step(long line, List<String> arguments, CommandRun expected) {}

  @TestFactory
  Stream<DynamicTest> everyRecordedStepIsRepeatedByteForByte()
      throws IOException, JsonSyntaxException {
    List<Step> steps = new ArrayList<>();
    try (InputStream file = GoldenUsageTest.class.getResourceAsStream("usage-2.3.7.jsonl")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        steps.add(read(line));
      }
    }
    return steps.stream()
        .map(
            step ->
                DynamicTest.dynamicTest(
                    step.line() + ": etcdctl " + String.join(" ", step.arguments()),
                    () ->
                        assertEquals(
                            step.expected(),
                            CommandRun.of(step.arguments().toArray(String[]::new)))));
  }

  private static Step read(String line) throws JsonSyntaxException {
    JsonReader json = new JsonReader(line);
    long number = 0;
    List<String> arguments = new ArrayList<>();
    String out = "";
    String err = "";
    long code = 0;
    json.beginObject();
    while (json.hasMore()) {
      switch (json.name()) {
        case "n" -> number = json.number();
        case "argv" -> {
          json.beginArray();
          while (json.hasMore()) {
            arguments.add(json.text());
          }
          json.end();
        }
        case "stdout" -> out = json.text();
        case "stderr" -> err = json.text();
        case "exit" -> code = json.number();
        default -> json.skip();
      }
    }
    json.end();
    List<String> own = List.copyOf(arguments.subList(1, arguments.size()));
    return new Step(number, own, new CommandRun((int) code, out, err));
  }
}
