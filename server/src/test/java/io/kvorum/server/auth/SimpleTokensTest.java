// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.env.Clock;
import io.kvorum.server.auth.TokenChange.AllEnded;
import io.kvorum.server.auth.TokenChange.Issued;
import io.kvorum.server.auth.TokenChange.UserChanged;
import io.kvorum.server.auth.Tokens.Bearer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimpleTokensTest {

  private long now = -5;

  private final SimpleTokens tokens =
      new SimpleTokens(
          new Clock() {
            @Override
            public long unixNanos() {
              return 0;
            }

            @Override
            public long monotonicNanos() {
              return now;
            }
          },
          new Random(1),
          Duration.ofNanos(100));

  private Optional<String> user(String token) {
    return tokens.bearer(token).map(Bearer::user);
  }

  @Test
  void aTokenLivesForAWhileBehindItsLastUse() {
    tokens.changed(List.of(new Issued("a.5", "u")));
    now += 99;
    assertEquals(Optional.of("u"), user("a.5"));
    now += 99;
    assertEquals(Optional.of("u"), user("a.5"), "its use kept it alive");
    now += 100;
    assertEquals(Optional.empty(), user("a.5"));
    tokens.sweep();
    now -= 50;
    assertEquals(Optional.empty(), user("a.5"), "swept");
  }

  @Test
  void sweepingKeepsTheLiving() {
    tokens.changed(List.of(new Issued("old.1", "u")));
    now += 60;
    tokens.changed(List.of(new Issued("new.2", "v")));
    now += 60;
    tokens.sweep();
    assertEquals(Optional.of("v"), user("new.2"));
  }

  @Test
  void aChangedUserHasToComeInAgain() {
    tokens.changed(List.of(new Issued("a.1", "u"), new Issued("b.2", "v"), new UserChanged("u")));
    assertEquals(Optional.empty(), user("a.1"));
    assertEquals(Optional.of("v"), user("b.2"));
    tokens.changed(List.of(new AllEnded()));
    assertEquals(Optional.empty(), user("b.2"));
  }

  @Test
  void theEndOfATokenSaysSinceWhenItIsKnown() {
    assertEquals(52, tokens.knownFrom("hRCmlqSoyflMBCsa.52"));
    assertEquals(0, tokens.knownFrom("garbage"));
    assertEquals(0, tokens.knownFrom("a.b.52"));
    assertEquals(0, tokens.knownFrom("a.99999999999999999999"));
    assertEquals(0, tokens.knownFrom(""));
  }

  @Test
  void partsAreSixteenLetters() {
    assertTrue(tokens.part().matches("[a-zA-Z]{16}"));
    assertNotEquals(tokens.part(), tokens.part());
    assertEquals(Optional.of("part.7"), tokens.issue("u", 3, "part.7"));
  }
}
