// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.server.auth.Tokens.Bearer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JwtTokensTest {

  private static final long MILLI = 1_000_000;

  private long nowMillis = 1_800_000_000_000L;

  private final Clock clock =
      new Clock() {
        @Override
        public long unixNanos() {
          return nowMillis * MILLI;
        }

        @Override
        public long monotonicNanos() {
          return 0;
        }
      };

  private JwtTokens tokens(String method, Optional<Bytes> secret, Optional<Bytes> shown)
      throws JwtKeys.Unusable {
    return new JwtTokens(JwtKeys.of(method, secret, shown), clock, Duration.ofMinutes(5));
  }

  private static Optional<Bytes> pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder().encodeToString(der);
    return Optional.of(
        Bytes.utf8("-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n"));
  }

  private static KeyPair pair(String method) throws GeneralSecurityException {
    switch (method.substring(0, 2)) {
      case "ES" -> {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        String bits = method.equals("ES512") ? "521" : method.substring(2);
        generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
        return generator.generateKeyPair();
      }
      case "Ed" -> {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      }
      default -> {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
      }
    }
  }

  @Test
  void everyMethodSignsWhatItAccepts() throws Exception {
    KeyPair rsa = pair("RS256");
    for (String method : List.of("RS256", "RS512", "PS384", "ES256", "ES384", "ES512", "EdDSA")) {
      KeyPair pair = method.charAt(1) == 'S' && method.charAt(0) != 'E' ? rsa : pair(method);
      var secret = pem("PRIVATE KEY", pair.getPrivate().getEncoded());
      var shown = pem("PUBLIC KEY", pair.getPublic().getEncoded());
      JwtTokens signing = tokens(method, secret, shown);
      String token = signing.issue("u", 7, ".9").orElseThrow();
      Optional<Bearer> bearer = Optional.of(new Bearer("u", Optional.of(7L)));
      assertEquals(bearer, signing.bearer(token), method);
      JwtTokens checking = tokens(method, Optional.empty(), shown);
      assertEquals(bearer, checking.bearer(token), method);
      assertEquals(Optional.empty(), checking.issue("u", 7, ".9"), "a public key signs nothing");
      String forged = token.substring(0, token.length() - 6) + "AAAAAA";
      assertEquals(Optional.empty(), checking.bearer(forged), method);
    }
  }

  @Test
  void aSharedSecretDoesBoth() throws Exception {
    var secret = Optional.of(Bytes.utf8("a secret of thirty-two bytes, or more"));
    JwtTokens tokens = tokens("HS256", secret, Optional.empty());
    String token = tokens.issue("u", 7, "").orElseThrow();
    assertEquals("u", tokens.bearer(token).orElseThrow().user());
    String claims =
        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
    assertTrue(claims.contains("\"username\":\"u\""), claims);
    assertTrue(claims.contains("\"revision\":7"), claims);
    assertTrue(claims.contains("\"exp\":1800000300"), claims);
  }

  @Test
  void aTokenEndsInTime() throws Exception {
    var secret = Optional.of(Bytes.utf8("a secret of thirty-two bytes, or more"));
    JwtTokens tokens = tokens("HS256", secret, Optional.empty());
    String token = tokens.issue("u", 7, "").orElseThrow();
    nowMillis += 299_999;
    assertTrue(tokens.bearer(token).isPresent());
    nowMillis += 1;
    assertEquals(Optional.empty(), tokens.bearer(token), "whatever is remembered of it");
  }

  /** A token that names another method than the member's, even none, is nobody's. */
  @Test
  void theMethodIsNotForTheTokenToChoose() throws Exception {
    var secret =
        Optional.of(Bytes.utf8("a secret of sixty-four bytes, which is enough for all three!! .."));
    String other = tokens("HS512", secret, Optional.empty()).issue("u", 7, "").orElseThrow();
    JwtTokens tokens = tokens("HS256", secret, Optional.empty());
    assertEquals(Optional.empty(), tokens.bearer(other));
    String none =
        Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes())
            + "."
            + other.split("\\.")[1]
            + ".";
    assertEquals(Optional.empty(), tokens.bearer(none));
    assertEquals(Optional.empty(), tokens.bearer("garbage"));
  }

  /** The older forms, made by OpenSSL. */
  @Test
  void olderFormsOfKeysAreRead() throws Exception {
    KeyPair rsa = pair("RS256");
    byte[] pkcs8 = rsa.getPrivate().getEncoded();
    byte[] pkcs1 = java.util.Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    JwtTokens tokens = tokens("RS256", pem("RSA PRIVATE KEY", pkcs1), Optional.empty());
    String token = tokens.issue("u", 7, "").orElseThrow();
    assertTrue(tokens.bearer(token).isPresent(), "the public key is part of the private one");
  }

  @Test
  void unusableKeysAreNamed() throws Exception {
    assertEquals("invalid auth signature method", complaint("XS256", Optional.empty()));
    assertEquals("missing key data", complaint("RS256", Optional.empty()));
    assertEquals(
        "keys of tokens: no private key in the file",
        complaint("RS256", Optional.of(Bytes.utf8("nothing"))));
    assertEquals(
        "keys of tokens: pub-key is needed beside priv-key for this sign-method",
        complaint("ES256", pem("PRIVATE KEY", pair("ES256").getPrivate().getEncoded())));
  }

  private static String complaint(String method, Optional<Bytes> secret) {
    return String.valueOf(
        assertThrows(JwtKeys.Unusable.class, () -> JwtKeys.of(method, secret, Optional.empty()))
            .getMessage());
  }
}
