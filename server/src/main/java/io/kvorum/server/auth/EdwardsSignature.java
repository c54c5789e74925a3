// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Set;

/** Ed25519 by the JDK: the token library's own needs one more library. */
final class EdwardsSignature {

  private static final String NAME = "Ed25519";

  private EdwardsSignature() {}

  /** Makes signatures. */
  record Signer(PrivateKey key) implements JWSSigner {

    @Override
    public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
      try {
        Signature signature = Signature.getInstance(NAME);
        signature.initSign(key);
        signature.update(input);
        return Base64URL.encode(signature.sign());
      } catch (GeneralSecurityException broken) {
        throw new JOSEException(broken.getMessage(), broken);
      }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
      return Set.of(JWSAlgorithm.EdDSA);
    }

    @Override
    public JCAContext getJCAContext() {
      return new JCAContext();
    }
  }

  /** Checks them. */
  record Verifier(PublicKey key) implements JWSVerifier {

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL given) throws JOSEException {
      try {
        Signature signature = Signature.getInstance(NAME);
        signature.initVerify(key);
        signature.update(input);
        return signature.verify(given.decode());
      } catch (GeneralSecurityException notOne) {
        return false;
      }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
      return Set.of(JWSAlgorithm.EdDSA);
    }

    @Override
    public JCAContext getJCAContext() {
      return new JCAContext();
    }
  }
}
