// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import io.kvorum.base.Bytes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.Set;

/**
 * What signs tokens and what checks them. With a public key alone a member checks and makes none.
 *
 * @param signer empty without a private key
 */
public record JwtKeys(JWSAlgorithm algorithm, Optional<JWSSigner> signer, JWSVerifier verifier) {

  private static final Set<JWSAlgorithm> KNOWN =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.HS256,
          JWSAlgorithm.HS384,
          JWSAlgorithm.HS512,
          JWSAlgorithm.EdDSA);

  /** The keys can not be used; the message says why, without showing any of them. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }

    Unusable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Reads keys.
   *
   * @param method as {@code RS256}
   * @param privateKey PEM, or the secret itself for the methods that begin with HS
   * @param publicKey PEM, also of a certificate
   */
  public static JwtKeys of(String method, Optional<Bytes> privateKey, Optional<Bytes> publicKey)
      throws Unusable {
    JWSAlgorithm algorithm =
        KNOWN.stream()
            .filter(known -> known.getName().equals(method))
            .findFirst()
            .orElseThrow(() -> new Unusable("invalid auth signature method"));
    if (privateKey.isEmpty() && publicKey.isEmpty()) {
      throw new Unusable("missing key data");
    }
    try {
      return method.startsWith("HS")
          ? shared(algorithm, privateKey.orElseGet(publicKey::orElseThrow))
          : paired(algorithm, privateKey, publicKey);
    } catch (JOSEException | GeneralSecurityException | IllegalArgumentException broken) {
      throw new Unusable("keys of tokens: " + broken.getMessage(), broken);
    }
  }

  private static JwtKeys shared(JWSAlgorithm algorithm, Bytes secret) throws JOSEException {
    return new JwtKeys(
        algorithm, Optional.of(new MACSigner(secret.toArray())), new MACVerifier(secret.toArray()));
  }

  private static JwtKeys paired(
      JWSAlgorithm algorithm, Optional<Bytes> privateKey, Optional<Bytes> publicKey)
      throws GeneralSecurityException, JOSEException {
    String method = algorithm.getName();
    Optional<PrivateKey> secret = Optional.empty();
    if (privateKey.isPresent()) {
      secret = Optional.of(PemKeys.privateKey(privateKey.get(), method));
    }
    PublicKey shown =
        publicKey.isPresent()
            ? PemKeys.publicKey(publicKey.get(), method)
            : PemKeys.publicPartOf(secret.orElseThrow());
    Optional<JWSSigner> signer = Optional.empty();
    if (secret.isPresent()) {
      signer = Optional.of(signer(method, secret.get()));
    }
    return new JwtKeys(algorithm, signer, verifier(method, shown));
  }

  private static JWSSigner signer(String method, PrivateKey key) throws JOSEException {
    return switch (method.substring(0, 2)) {
      case "ES" -> new ECDSASigner((ECPrivateKey) key);
      case "Ed" -> new EdwardsSignature.Signer(key);
      default -> new RSASSASigner(key);
    };
  }

  private static JWSVerifier verifier(String method, PublicKey key) throws JOSEException {
    return switch (method.substring(0, 2)) {
      case "ES" -> new ECDSAVerifier((ECPublicKey) key);
      case "Ed" -> new EdwardsSignature.Verifier(key);
      default -> new RSASSAVerifier((RSAPublicKey) key);
    };
  }
}
