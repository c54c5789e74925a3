// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.env.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Tokens that are words by chance, known to every member because a log-in goes through the log:
 * sixteen letters, a dot, the log index. Each member keeps them for as long as they are used at it,
 * and forgets all of them when it stops.
 *
 * <p>Source: recorded behaviour of etcd 3.4.23.
 */
public final class SimpleTokens implements Tokens {

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final int LENGTH = 16;

  /** Whoever comes when there are so many is not remembered, and has to log in again later. */
  private static final int TOKENS_MAX = 1 << 20;

  private final Clock clock;
  private final RandomGenerator random;
  private final long lifeNanos;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  private static final class Session {
    private final String user;
    private volatile long endsAt;

    Session(String user, long endsAt) {
      this.user = user;
      this.endsAt = endsAt;
    }
  }

  /**
   * Without any.
   *
   * @param random must not be foreseeable
   * @param life how long a token lives behind its last use
   */
  public SimpleTokens(Clock clock, RandomGenerator random, Duration life) {
    this.clock = clock;
    this.random = random;
    this.lifeNanos = life.toNanos();
  }

  @Override
  public String part() {
    StringBuilder word = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return word.toString();
  }

  @Override
  public Optional<String> issue(String user, long authRevision, String applied) {
    return Optional.of(applied);
  }

  @Override
  public Optional<Bearer> bearer(String token) {
    Session session = sessions.get(token);
    long now = clock.monotonicNanos();
    if (session == null || session.endsAt - now <= 0) {
      return Optional.empty();
    }
    session.endsAt = now + lifeNanos;
    return Optional.of(new Bearer(session.user, Optional.empty()));
  }

  @Override
  public long knownFrom(String token) {
    int dot = token.indexOf('.');
    String index = token.substring(dot + 1);
    return dot >= 0 && index.matches("[0-9]{1,18}") ? Long.parseLong(index) : 0;
  }

  @Override
  public void changed(List<TokenChange> changes) {
    for (TokenChange change : changes) {
      switch (change) {
        case TokenChange.Issued(String token, String user) -> {
          if (sessions.size() < TOKENS_MAX) {
            sessions.put(token, new Session(user, clock.monotonicNanos() + lifeNanos));
          }
        }
        case TokenChange.UserChanged(String user) ->
            sessions.values().removeIf(session -> session.user.equals(user));
        case TokenChange.AllEnded() -> sessions.clear();
      }
    }
  }

  @Override
  public void sweep() {
    long now = clock.monotonicNanos();
    sessions.values().removeIf(session -> session.endsAt - now <= 0);
  }
}
