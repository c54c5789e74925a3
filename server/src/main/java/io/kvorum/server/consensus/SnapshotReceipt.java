// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A snapshot that is arriving. Every call blocks on the disk; one thread at a time. Ends with
 * {@link #finish} or {@link #abandon}; until then a temporary file is open.
 */
public interface SnapshotReceipt {

  /** The next bytes of its database file. */
  void write(ByteBuffer bytes) throws IOException;

  /**
   * All of it is there: it is verified, made durable and handed to the core.
   *
   * @return false when it could not be kept; the sender must be told that it failed
   */
  boolean finish();

  /** The rest will not come; nothing is left of it. */
  void abandon();
}
