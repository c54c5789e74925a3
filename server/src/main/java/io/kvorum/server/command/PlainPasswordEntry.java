// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import java.util.Optional;

/**
 * A log entry that brings a password as it is.
 *
 * @param requestId of the entry
 */
public record PlainPasswordEntry(long requestId, String plain) {

  /** The tag of the header that such entries begin with. */
  private static final int HEADER_TAG = V3Codec.HEADER << 3 | 2;

  private static final int ADD_TAG = AuthCodec.USER_ADD << 3 | 2;
  private static final int CHANGE_TAG = AuthCodec.CHANGE_PASSWORD << 3 | 2;

  /** Looks at a few bytes of most entries, and decodes those that are about passwords. */
  public static Optional<PlainPasswordEntry> in(Entry entry) {
    if (!looksLikeOne(entry)) {
      return Optional.empty();
    }
    EntryCodec.Decoded decoded = EntryCodec.decode(entry);
    return decoded.command() instanceof V3Request request
        ? plain(request.command()).map(plain -> new PlainPasswordEntry(decoded.requestId(), plain))
        : Optional.empty();
  }

  private static Optional<String> plain(V3Command command) {
    Optional<AuthCommand.Password> password =
        switch (command) {
          case AuthCommand.AddUser add when !add.noPassword() -> Optional.of(add.password());
          case AuthCommand.ChangePassword change -> Optional.of(change.password());
          default -> Optional.empty();
        };
    return password.filter(given -> given.hashed().isEmpty()).map(AuthCommand.Password::plain);
  }

  private static boolean looksLikeOne(Entry entry) {
    Bytes data = entry.data();
    if (entry.type() != EntryType.NORMAL || tag(data, 0) != HEADER_TAG || data.length() < 3) {
      return false;
    }
    int behindHeader = 3 + data.at(2);
    int tag = tag(data, behindHeader);
    return tag == ADD_TAG || tag == CHANGE_TAG;
  }

  /** The tag of two bytes at {@code at}; -1 when there is none. */
  private static int tag(Bytes data, int at) {
    return data.length() < at + 2 ? -1 : data.at(at) & 0x7f | data.at(at + 1) << 7;
  }

  /** The password stays out of logs. */
  @Override
  public String toString() {
    return "PlainPasswordEntry[requestId=" + Long.toHexString(requestId) + "]";
  }
}
