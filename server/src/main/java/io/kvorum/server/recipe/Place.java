// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.base.Bytes;

/**
 * A place in the queue below a name: whose key was created first is in front.
 *
 * @param name what is queued for
 * @param key the name, a slash and the lease
 * @param created the revision that created the key: it grows with each holder, so it fences off
 *     those before
 * @param revision of the keyspace when the place was known to be in front
 */
public record Place(Bytes name, Bytes key, long created, long lease, long revision) {

  /** The key of {@code lease} below {@code name}. */
  static Bytes key(Bytes name, long lease) {
    return prefix(name).concat(Bytes.utf8(Long.toHexString(lease)));
  }

  /** What all keys below {@code name} begin with. */
  static Bytes prefix(Bytes name) {
    return name.concat(Bytes.utf8("/"));
  }
}
