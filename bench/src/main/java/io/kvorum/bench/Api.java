// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;

/** Through which API the requests come. */
enum Api {
  V2,
  V3;

  /** A member without a leader may keep a request for seconds; another may have one by then. */
  private static final int WRITE_MILLIS_MAX = 100;

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  /** Tries one write for a short time; says whether it was acknowledged. */
  boolean put(String member) {
    return switch (this) {
      case V2 -> Client.put(member, "first", "x", WRITE_MILLIS_MAX);
      case V3 -> V3Requests.put(member, "first", WRITE_MILLIS_MAX);
    };
  }

  /** Some load of writes. */
  Workload puts(Options options) {
    return switch (this) {
      case V2 -> new Load(Load.Kind.PUT, 10, options.keys(), options.data());
      case V3 -> new V3Load(V3Load.Kind.PUT, 10, options.keys());
    };
  }

  /** Returns when this member has acknowledged a write. */
  void awaitWrite(String member) throws IOException, InterruptedException {
    long since = System.nanoTime();
    while (!put(member)) {
      if (System.nanoTime() - since > PATIENCE_NANOS) {
        throw new IOException(member + ": no write was acknowledged");
      }
      Thread.sleep(50);
    }
  }
}
