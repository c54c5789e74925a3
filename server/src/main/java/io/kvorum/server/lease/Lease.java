// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;

/**
 * A lease as it is written down: everything about it but its deadline.
 *
 * @param id any number but 0
 * @param ttlSeconds how long it lasts from each renewal on
 * @param remainingSeconds what was left of that when a leader last wrote it down; 0 when it has not
 */
public record Lease(long id, long ttlSeconds, long remainingSeconds) {

  /** What a leader that begins to count starts from. */
  public long secondsToStartWith() {
    return remainingSeconds > 0 ? remainingSeconds : ttlSeconds;
  }

  /** The value in etcd's bucket {@code lease}. */
  Bytes encoded() {
    ProtoWriter out = new ProtoWriter(32);
    out.uint64(1, id);
    out.uint64(2, ttlSeconds);
    out.uint64(3, remainingSeconds);
    return out.toBytes();
  }

  static Lease read(Bytes value) {
    ProtoReader in = new ProtoReader("Lease", value);
    long id = 0;
    long ttlSeconds = 0;
    long remainingSeconds = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> id = in.uint64();
        case 2 -> ttlSeconds = in.uint64();
        case 3 -> remainingSeconds = in.uint64();
        default -> in.skip();
      }
    }
    return new Lease(id, ttlSeconds, remainingSeconds);
  }
}
