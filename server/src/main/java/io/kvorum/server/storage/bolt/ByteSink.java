// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the bytes of a database go, in order. */
@FunctionalInterface
public interface ByteSink {

  /** Takes all of {@code bytes}, which are the caller's again after the call. May block. */
  void write(ByteBuffer bytes) throws IOException;
}
