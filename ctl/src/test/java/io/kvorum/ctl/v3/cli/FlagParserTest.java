// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.ctl.cli.Option;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlagParserTest {

  private static final Option PREFIX = Option.flag("", "prefix");
  private static final Option LIMIT = Option.number("0", "", "limit");
  private static final Option OUT = Option.text("simple", "", List.of("write-out", "w"));
  private static final Option INTERACTIVE = Option.flag("", "interactive", "i");
  private static final Option TIMEOUT = Option.duration("5s", "", "command-timeout");
  private static final List<Option> ALL = List.of(PREFIX, LIMIT, OUT, INTERACTIVE, TIMEOUT);

  private static Flags parse(String... arguments) throws FlagMistake {
    return FlagParser.parse(ALL, List.of(arguments));
  }

  @Test
  void flagsStandAnywhereBeforeTheSeparator() throws FlagMistake {
    Flags flags = parse("a", "--prefix", "b", "--limit=0x10", "-w", "json", "--", "--prefix", "c");
    assertEquals(List.of("a", "b", "--prefix", "c"), flags.arguments());
    assertEquals(2, flags.separator());
    assertTrue(flags.isSet(PREFIX));
    assertEquals(16, flags.number(LIMIT));
    assertEquals("json", flags.text(OUT));
    assertEquals(5_000_000_000L, flags.durationNanos(TIMEOUT));
  }

  @Test
  void shortFlagsStandInARowOrBeforeTheirValue() throws FlagMistake {
    assertEquals("json", parse("-iwjson").text(OUT));
    assertEquals("json", parse("-iw=json").text(OUT));
    assertTrue(parse("-iw", "json").isSet(INTERACTIVE));
    assertEquals(List.of("-"), parse("-").arguments());
  }

  @Test
  void theLastValueCounts() throws FlagMistake {
    assertEquals("b", parse("-w", "a", "-w", "b").text(OUT));
    assertEquals(false, parse("--prefix", "--prefix=false").isSet(PREFIX));
  }

  @Test
  void mistakesAreToldInGosWords() {
    assertMistake("unknown flag: --count", "--count");
    assertMistake("unknown shorthand flag: 'c' in -c", "-c");
    assertMistake("unknown shorthand flag: 'x' in -ix", "-ix");
    assertMistake("flag needs an argument: --limit", "--limit");
    assertMistake("flag needs an argument: 'w' in -w", "-w");
    assertMistake("bad flag syntax: --=x", "--=x");
    assertMistake(
        "invalid argument \"zz\" for \"--limit\" flag: strconv.ParseInt: parsing \"zz\": invalid"
            + " syntax",
        "--limit=zz");
    assertMistake(
        "invalid argument \"maybe\" for \"-i, --interactive\" flag: strconv.ParseBool: parsing"
            + " \"maybe\": invalid syntax",
        "--interactive=maybe");
    assertMistake(
        "invalid argument \"5\" for \"--command-timeout\" flag: time: invalid duration \"5\"",
        "--command-timeout=5");
  }

  private static void assertMistake(String text, String... arguments) {
    assertEquals(text, assertThrows(FlagMistake.class, () -> parse(arguments)).getMessage());
  }

  @Test
  void theCommandIsTheFirstWordThatIsNoValue() {
    assertEquals(2, FlagParser.firstWord(ALL, List.of("-w", "json", "get", "a")));
    assertEquals(1, FlagParser.firstWord(ALL, List.of("--write-out=json", "get", "a")));
    assertEquals(1, FlagParser.firstWord(ALL, List.of("--prefix", "get")));
    assertEquals(2, FlagParser.firstWord(ALL, List.of("--unknown", "value", "get")));
    assertEquals(-1, FlagParser.firstWord(ALL, List.of("--", "get")));
  }
}
