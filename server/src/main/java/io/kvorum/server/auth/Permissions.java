// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Refusal.Auth.Kind;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which keys may be read and written: patterns, where a star at the end stands for any rest.
 *
 * @param read null when never set
 * @param write null when never set
 */
public record Permissions(@Nullable List<String> read, @Nullable List<String> write) {
  static final Permissions NONE = new Permissions(null, null);
  static final Permissions ALL = new Permissions(List.of("/*"), List.of("/*"));

  public Permissions {
    read = TextSet.copy(read);
    write = TextSet.copy(write);
  }

  boolean isEmpty() {
    return TextSet.isEmpty(read) && TextSet.isEmpty(write);
  }

  /**
   * With more patterns, sorted.
   *
   * @throws AuthRefused when one is there already
   */
  Permissions granted(Permissions more) {
    return new Permissions(
        granted("read", read, more.read()), granted("write", write, more.write()));
  }

  private static List<String> granted(
      String what, @Nullable List<String> now, @Nullable List<String> more) {
    TreeSet<String> patterns = TextSet.of(now);
    for (var pattern : TextSet.orEmpty(more)) {
      if (!patterns.add(pattern)) {
        throw AuthRefused.auth(
            Kind.CONFLICT, "Granting duplicate " + what + " permission " + pattern);
      }
    }
    return List.copyOf(patterns);
  }

  /** Without some patterns, sorted; those that are not there are passed over. */
  Permissions revoked(Permissions less) {
    return new Permissions(revoked(read, less.read()), revoked(write, less.write()));
  }

  private static List<String> revoked(@Nullable List<String> now, @Nullable List<String> less) {
    TreeSet<String> patterns = TextSet.of(now);
    TextSet.orEmpty(less).forEach(patterns::remove);
    return List.copyOf(patterns);
  }

  /** Whether {@code key}, as it was asked for, may be read or written. */
  boolean permits(Bytes key, boolean writing, boolean recursive) {
    for (var pattern : TextSet.orEmpty(writing ? write : read)) {
      if (matches(Bytes.utf8(pattern), key, recursive)) {
        return true;
      }
    }
    return false;
  }

  /** What reaches below a key needs a pattern that does so too. */
  private static boolean matches(Bytes pattern, Bytes key, boolean recursive) {
    int last = pattern.length() - 1;
    if (last >= 0 && pattern.at(last) == '*') {
      return key.startsWith(pattern.slice(0, last));
    }
    return !recursive && last >= 0 && key.equals(pattern);
  }
}
