// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;

/**
 * A key, or a range of keys as requests have it.
 *
 * @param end empty for the one key; a single zero for everything from the key on
 */
record KeySpan(Bytes key, Bytes end) {

  static final Bytes ZERO = Bytes.wrap(new byte[1]);

  /** The keys that begin with a prefix; all for an empty one. */
  static KeySpan prefix(Bytes prefix) {
    return prefix.isEmpty() ? new KeySpan(ZERO, ZERO) : new KeySpan(prefix, prefixEnd(prefix));
  }

  /** The keys from one on. */
  static KeySpan from(Bytes key) {
    return new KeySpan(key.isEmpty() ? ZERO : key, ZERO);
  }

  /** The first key behind all that begin with a prefix; a single zero when there is none. */
  static Bytes prefixEnd(Bytes prefix) {
    byte[] end = prefix.toArray();
    for (int i = end.length - 1; i >= 0; i--) {
      if (end[i] != (byte) 0xff) {
        end[i]++;
        return Bytes.wrap(end, 0, i + 1);
      }
    }
    return ZERO;
  }
}
