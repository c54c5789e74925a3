// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptTest {

  @ParameterizedTest
  @CsvSource({
    "2.3.7/01-http-single, 371, 0",
    "2.3.7/02-auth-single, 126, 0",
    "2.3.7/03-cli-single, 0, 315",
    "2.3.7/04-cluster3, 51, 50",
    "2.3.7/05-reconfig, 8, 19"
  })
  void everyLineIsUnderstood(String name, int requests, int commands) {
    Transcript transcript = Transcript.read(name, AddressPlan.recorded());
    assertEquals(requests, count(transcript, Step.Http.class, Step.WatchEnd.class));
    assertEquals(commands, count(transcript, Step.Command.class, Step.CommandEnd.class));
    int lines = Transcript.lines(name).size();
    assertEquals(
        IntStream.rangeClosed(1, lines).boxed().toList(),
        transcript.steps().stream().map(Step::n).toList());
  }

  private static long count(Transcript transcript, Class<?> one, Class<?> other) {
    return transcript.steps().stream()
        .filter(s -> one.isInstance(s) || other.isInstance(s))
        .count();
  }
}
