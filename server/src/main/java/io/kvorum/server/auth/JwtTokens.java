// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.kvorum.env.Clock;
import java.text.ParseException;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signed tokens that say themselves whose they are, of which users and roles, and until when: no
 * member has to know them. They end when users or roles change.
 *
 * <p>A signature costs more than the read it lets in, so what proved right is remembered by its
 * bytes. Source: etcd 3.7, claims {@code username}, {@code revision} and {@code exp}.
 */
public final class JwtTokens implements Tokens {

  private static final int REMEMBERED_MAX = 4096;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final JWSAlgorithm algorithm;
  private final JwtKeys keys;
  private final Clock clock;
  private final long lifeMillis;
  private final Map<String, Proven> proven =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Proven> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  /** What a token with a right signature says. */
  private record Proven(Bearer bearer, long notBefore, long endsAt) {}

  /**
   * @param life of a token from its making on
   */
  public JwtTokens(JwtKeys keys, Clock clock, Duration life) {
    this.algorithm = keys.algorithm();
    this.keys = keys;
    this.clock = clock;
    this.lifeMillis = life.toMillis();
  }

  private long nowMillis() {
    return clock.unixNanos() / NANOS_PER_MILLI;
  }

  @Override
  public String part() {
    return "";
  }

  @Override
  public Optional<String> issue(String user, long authRevision, String applied) {
    Optional<JWSSigner> signer = keys.signer();
    if (signer.isEmpty()) {
      return Optional.empty();
    }
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .claim("username", user)
            .claim("revision", authRevision)
            .expirationTime(new Date(nowMillis() + lifeMillis))
            .build();
    JWSHeader header = new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(signer.get());
    } catch (JOSEException broken) {
      throw new IllegalStateException("a key that signed at the start does not now", broken);
    }
    return Optional.of(token.serialize());
  }

  @Override
  public Optional<Bearer> bearer(String token) {
    Proven known;
    synchronized (proven) {
      known = proven.get(token);
    }
    if (known == null) {
      Optional<Proven> fresh = prove(token);
      if (fresh.isEmpty()) {
        return Optional.empty();
      }
      known = fresh.get();
      synchronized (proven) {
        proven.put(token, known);
      }
    }
    long now = nowMillis();
    return known.notBefore() <= now && now < known.endsAt()
        ? Optional.of(known.bearer())
        : Optional.empty();
  }

  private Optional<Proven> prove(String token) {
    try {
      SignedJWT parsed = SignedJWT.parse(token);
      JWSVerifier verifier = keys.verifier();
      if (!parsed.getHeader().getAlgorithm().equals(algorithm) || !parsed.verify(verifier)) {
        return Optional.empty();
      }
      JWTClaimsSet claims = parsed.getJWTClaimsSet();
      String user = claims.getStringClaim("username");
      Long revision = claims.getLongClaim("revision");
      Date end = claims.getExpirationTime();
      Date begin = claims.getNotBeforeTime();
      return user == null || revision == null
          ? Optional.empty()
          : Optional.of(
              new Proven(
                  new Bearer(user, Optional.of(revision)),
                  begin == null ? Long.MIN_VALUE : begin.getTime(),
                  end == null ? Long.MAX_VALUE : end.getTime()));
    } catch (ParseException | JOSEException notOurs) {
      return Optional.empty();
    }
  }

  @Override
  public long knownFrom(String token) {
    return 0;
  }

  @Override
  public void changed(List<TokenChange> changes) {}

  @Override
  public void sweep() {}
}
