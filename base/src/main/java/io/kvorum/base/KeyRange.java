// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import java.util.Optional;

/**
 * The keys k with {@code from <= k < to} in unsigned byte order.
 *
 * @param from the first key of the range; empty for the very beginning
 * @param to the first key behind the range; absent when it has no end
 */
public record KeyRange(Bytes from, Optional<Bytes> to) {

  public static final KeyRange ALL = new KeyRange(Bytes.EMPTY, Optional.empty());

  public static KeyRange of(Bytes from, Bytes to) {
    return new KeyRange(from, Optional.of(to));
  }

  /** From {@code from} to the last key there is. */
  public static KeyRange from(Bytes from) {
    return new KeyRange(from, Optional.empty());
  }

  /** {@code key} alone. */
  public static KeyRange only(Bytes key) {
    return of(key, key.concat(Bytes.wrap(new byte[1])));
  }

  /** All keys that start with {@code prefix}; all keys when it is empty. */
  public static KeyRange prefix(Bytes prefix) {
    byte[] end = prefix.toArray();
    for (int length = end.length; length > 0; length--) {
      if (end[length - 1] != (byte) 0xff) {
        end[length - 1]++;
        return of(prefix, Bytes.wrap(end, 0, length));
      }
    }
    return from(prefix);
  }

  /** Whether no key can be inside. */
  public boolean isEmpty() {
    return to.isPresent() && to.get().compareTo(from) <= 0;
  }

  public boolean contains(Bytes key) {
    return key.compareTo(from) >= 0 && (to.isEmpty() || key.compareTo(to.get()) < 0);
  }
}
