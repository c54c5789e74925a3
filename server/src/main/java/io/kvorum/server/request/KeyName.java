// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;

/**
 * A key of the v2 tree as a user names it.
 *
 * @param asked the path as asked for, cleaned, perhaps with a trailing slash; empty for the root
 * @param path where it lies in the tree: below {@code /1}, without a trailing slash
 */
public record KeyName(Bytes asked, Bytes path) {
  private static final Bytes USERS = Bytes.utf8("/1");

  public static KeyName of(Bytes asked) {
    int end = asked.length();
    while (end > 0 && asked.at(end - 1) == '/') {
      end--;
    }
    return new KeyName(asked, USERS.concat(asked.slice(0, end)));
  }

  /** {@code path} as users see it: without the part that keeps users' keys apart. */
  public static Bytes shown(Bytes path) {
    return path.startsWith(USERS) ? path.slice(USERS.length(), path.length()) : path;
  }
}
