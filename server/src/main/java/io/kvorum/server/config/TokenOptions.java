// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The value of {@code --auth-token}: a kind, and what that kind wants to know, as in {@code
 * jwt,pub-key=app.rsa.pub,priv-key=app.rsa,sign-method=RS512,ttl=10m}.
 *
 * <p>Source: etcd 3.7.
 */
public record TokenOptions(String kind, Map<String, String> options) {

  public static final String KIND_SIMPLE = "simple";
  public static final String KIND_JWT = "jwt";

  /** Words by chance. */
  public static final TokenOptions SIMPLE = new TokenOptions(KIND_SIMPLE, Map.of());

  public TokenOptions {
    options = Map.copyOf(options);
  }

  /** Reads {@code text}; empty when it has not that form, or names no kind that there is. */
  static Optional<TokenOptions> parse(String text) {
    String[] parts = text.split(",", -1);
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", -1);
      if (pair.length != 2 || options.put(pair[0], pair[1]) != null) {
        return Optional.empty();
      }
    }
    boolean known = parts[0].equals(KIND_SIMPLE) || parts[0].equals(KIND_JWT);
    return known ? Optional.of(new TokenOptions(parts[0], options)) : Optional.empty();
  }
}
