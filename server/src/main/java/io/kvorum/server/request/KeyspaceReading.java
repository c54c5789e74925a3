// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.mvcc.KeyspaceView;
import java.util.function.Function;

/** The way to the v3 keyspace's newest state. Callable from any thread. */
public interface KeyspaceReading {

  /** Lets {@code reading} have a view, which is good for as long as that runs. */
  <T> T read(Function<KeyspaceView, T> reading);
}
