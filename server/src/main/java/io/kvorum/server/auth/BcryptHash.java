// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.kvorum.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Passwords as Go's bcrypt hashes them: {@code $2a$}, and only the first 72 bytes count. Slow on
 * purpose: never to be called on a thread that others wait for.
 */
public final class BcryptHash {

  /** Go's default, and etcd's. */
  public static final int COST = 10;

  public static final int COST_MIN = 4;
  public static final int COST_MAX = 31;

  private static final int SALT_BYTES = 16;
  private static final BCrypt.Version VERSION = BCrypt.Version.VERSION_2A;

  private BcryptHash() {}

  /** The text of a hash with a salt by chance. */
  public static Bytes of(String password, int cost) {
    byte[] hash = hasher().hash(cost, password.getBytes(StandardCharsets.UTF_8));
    return Bytes.wrap(hash);
  }

  /** The text of a hash whose salt comes from the request's id: the same on all our members. */
  static Bytes of(String password, int cost, long requestId) {
    byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(requestId).array();
    byte[] salt = Arrays.copyOf(sha256(id), SALT_BYTES);
    return Bytes.wrap(hasher().hash(cost, salt, password.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether {@code hash} was made of {@code password}. */
  public static boolean matches(Bytes password, Bytes hash) {
    return !hash.isEmpty()
        && BCrypt.verifyer(VERSION, LongPasswordStrategies.truncate(VERSION))
            .verify(password.toArray(), hash.toArray())
            .verified;
  }

  private static BCrypt.Hasher hasher() {
    return BCrypt.with(VERSION, LongPasswordStrategies.truncate(VERSION));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
