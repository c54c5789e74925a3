// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentParserTest {

  private static final Option TTL = Option.number("0", "", "ttl");
  private static final Option SORT = Option.flag("", "sort");
  private static final Option OUTPUT = Option.text("simple", "", List.of("output", "o"));
  private static final Option TIMEOUT = Option.duration("1s", "", "timeout");
  private static final List<Option> ALL = List.of(TTL, SORT, OUTPUT, TIMEOUT);

  private static ParsedOptions parse(String... arguments) {
    return ArgumentParser.parse(ALL, List.of(arguments));
  }

  private static List<String> optionsFirst(String... arguments) {
    return ArgumentParser.optionsFirst(List.of(arguments));
  }

  @Test
  void oneAndTwoDashesAndBothWaysToGiveAValue() {
    for (String[] arguments :
        List.of(
            new String[] {"-ttl", "5", "k"},
            new String[] {"--ttl", "5", "k"},
            new String[] {"-ttl=5", "k"},
            new String[] {"--ttl=0x5", "k"})) {
      ParsedOptions parsed = parse(arguments);
      assertEquals(5, parsed.number(TTL));
      assertEquals(List.of("k"), parsed.arguments());
      assertFalse(parsed.malformed());
    }
  }

  @Test
  void parsingStopsAtTheFirstPositionalArgumentAndAfterTheTerminator() {
    assertEquals(List.of("k", "--sort"), parse("k", "--sort").arguments());
    assertEquals(List.of("-5"), parse("--sort", "--", "-5").arguments());
    assertEquals(List.of("-", "--sort"), parse("-", "--sort").arguments());
  }

  @Test
  void aSwitchStandsAloneOrTakesATruthValue() {
    assertTrue(parse("--sort").isSet(SORT));
    assertTrue(parse("--sort=T").isSet(SORT));
    assertFalse(parse("--sort=false").isSet(SORT));
    assertTrue(parse("--sort=yes").malformed());
    assertEquals(List.of("false"), parse("--sort", "false").arguments());
  }

  @Test
  void unusableOptionsAreMalformed() {
    assertTrue(parse("--nope").malformed());
    assertTrue(parse("--ttl").malformed());
    assertTrue(parse("--ttl", "abc").malformed());
    assertTrue(parse("--timeout", "5").malformed());
    assertTrue(parse("---ttl", "5").malformed());
    assertTrue(parse("--=5").malformed());
  }

  @Test
  void theLastValueOfARepeatedOptionCounts() {
    assertEquals("b", parse("-o", "a", "-o", "b").text(OUTPUT));
    assertEquals("simple", parse().text(OUTPUT));
  }

  @Test
  void twoSpellingsOfOneOptionAreAConflict() {
    assertEquals(
        "Cannot use two forms of the same flag: o output",
        parse("-o", "a", "--output", "b").conflict());
    assertEquals("", parse("-o", "a").conflict());
  }

  @Test
  void positionalArgumentsBeforeTheFirstOptionMoveBehindTheOptions() {
    assertEquals(List.of("--ttl", "5", "k", "v"), optionsFirst("k", "v", "--ttl", "5"));
    assertEquals(List.of("k", "v"), optionsFirst("k", "v"));
    assertEquals(List.of("--sort", "b", "a"), optionsFirst("a", "--sort", "b"));
  }

  @Test
  void aTerminatorWithoutOptionsBeforeItStaysWhereItIs() {
    assertEquals(List.of("k", "--", "-5"), optionsFirst("k", "--", "-5"));
    assertEquals(List.of("--", "k", "-5"), optionsFirst("--", "k", "-5"));
    assertEquals(
        List.of("--sort", "k", "--", "sh", "-c"), optionsFirst("k", "--sort", "--", "sh", "-c"));
  }
}
