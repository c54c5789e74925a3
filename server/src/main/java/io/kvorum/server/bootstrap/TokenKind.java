// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.server.auth.JwtKeys;
import io.kvorum.server.auth.JwtTokens;
import io.kvorum.server.auth.SimpleTokens;
import io.kvorum.server.auth.Tokens;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.config.TokenOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the tokens that {@code --auth-token} asks for. */
final class TokenKind {

  private static final Duration JWT_LIFE = Duration.ofMinutes(5);

  private TokenKind() {}

  /** Throws {@link StartFailure} when keys can not be read or used. */
  static Tokens of(MemberConfig.Accounts accounts, Clock clock) {
    TokenOptions wanted = accounts.tokenOptions();
    return wanted.kind().equals(TokenOptions.KIND_SIMPLE)
        ? new SimpleTokens(clock, new SecureRandom(), accounts.tokenLife())
        : jwt(wanted.options(), clock);
  }

  private static Tokens jwt(Map<String, String> options, Clock clock) {
    try {
      JwtKeys keys =
          JwtKeys.of(
              options.getOrDefault("sign-method", ""),
              file(options, "priv-key"),
              file(options, "pub-key"));
      String life = options.get("ttl");
      return new JwtTokens(keys, clock, life == null ? JWT_LIFE : duration(life));
    } catch (JwtKeys.Unusable unusable) {
      throw new StartFailure("auth: " + unusable.getMessage());
    }
  }

  private static Optional<Bytes> file(Map<String, String> options, String name) {
    String path = options.getOrDefault(name, "");
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Bytes.wrap(Files.readAllBytes(Path.of(path))));
    } catch (IOException unreadable) {
      throw new StartFailure("auth: " + name + ": " + unreadable);
    }
  }

  /** As Go writes it, in whole hours, minutes and seconds. */
  private static Duration duration(String text) {
    try {
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException malformed) {
      throw new StartFailure("auth: invalid ttl " + text);
    }
  }
}
