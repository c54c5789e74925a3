// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys as OpenSSL writes them. The JDK reads one form of each; the older ones, of RSA and of
 * elliptic curves alone, become that form by a frame around them.
 */
final class PemKeys {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final byte[] VERSION_0 = hex("020100");
  private static final byte[] RSA = hex("300d06092a864886f70d0101010500");
  private static final byte[] P_256 = hex("301306072a8648ce3d020106082a8648ce3d030107");
  private static final byte[] P_384 = hex("301006072a8648ce3d020106052b81040022");
  private static final byte[] P_521 = hex("301006072a8648ce3d020106052b81040023");

  private PemKeys() {}

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /** One block of a file: what it is, and its bytes. */
  private record Block(String kind, byte[] bytes) {}

  private static String family(String method) {
    return switch (method.substring(0, 2)) {
      case "ES" -> "EC";
      case "Ed" -> "Ed25519";
      default -> "RSA";
    };
  }

  static PrivateKey privateKey(Bytes pem, String method) throws GeneralSecurityException {
    for (Block block : blocks(pem)) {
      byte[] pkcs8 =
          switch (block.kind()) {
            case "PRIVATE KEY" -> block.bytes();
            case "RSA PRIVATE KEY" -> frame(0x30, VERSION_0, RSA, frame(0x04, block.bytes()));
            case "EC PRIVATE KEY" ->
                frame(0x30, VERSION_0, curve(method), frame(0x04, block.bytes()));
            default -> null;
          };
      if (pkcs8 != null) {
        return KeyFactory.getInstance(family(method))
            .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      }
    }
    throw new InvalidKeySpecException("no private key in the file");
  }

  private static byte[] curve(String method) {
    return switch (method) {
      case "ES384" -> P_384;
      case "ES512" -> P_521;
      default -> P_256;
    };
  }

  static PublicKey publicKey(Bytes pem, String method) throws GeneralSecurityException {
    for (Block block : blocks(pem)) {
      switch (block.kind()) {
        case "PUBLIC KEY" -> {
          return KeyFactory.getInstance(family(method))
              .generatePublic(new X509EncodedKeySpec(block.bytes()));
        }
        case "CERTIFICATE" -> {
          return CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.bytes()))
              .getPublicKey();
        }
        default -> {}
      }
    }
    throw new InvalidKeySpecException("no public key in the file");
  }

  /** RSA's private keys hold the public one; of others it must be given. */
  static PublicKey publicPartOf(PrivateKey key) throws GeneralSecurityException {
    if (key instanceof RSAPrivateCrtKey rsa) {
      return KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
    }
    throw new InvalidKeySpecException("pub-key is needed beside priv-key for this sign-method");
  }

  private static Iterable<Block> blocks(Bytes pem) {
    Matcher matcher = BLOCK.matcher(new String(pem.toArray(), StandardCharsets.ISO_8859_1));
    return matcher
            .results()
            .map(
                found ->
                    new Block(
                        found.group(1), Base64.getMimeDecoder().decode(found.group(2).strip())))
        ::iterator;
  }

  /** DER: a tag, a length, the contents. */
  private static byte[] frame(int tag, byte[]... contents) {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    for (byte[] part : contents) {
      inner.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = inner.size();
    if (length < 0x80) {
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(inner.toByteArray());
    return out.toByteArray();
  }
}
