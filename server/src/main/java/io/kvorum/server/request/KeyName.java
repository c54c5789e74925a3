// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.StorePath;

/**
 * A key of the v2 tree as a user names it.
 *
 * @param asked the path as asked for, cleaned, perhaps with a trailing slash; empty for the root
 * @param path where it lies in the tree: below {@code /1}, without a trailing slash
 */
public record KeyName(Bytes asked, Bytes path) {
  private static final Bytes USERS = Bytes.utf8("/1");

  public static KeyName of(Bytes asked) {
    Bytes clean = StorePath.clean(asked);
    return new KeyName(asked, clean.equals(StorePath.ROOT) ? USERS : USERS.concat(clean));
  }

  /** {@code path} as users see it: without the part that keeps users' keys apart. */
  public static Bytes shown(Bytes path) {
    return path.startsWith(USERS) ? path.slice(USERS.length(), path.length()) : path;
  }
}
