// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.server.mvcc.KeyspaceView;
import java.util.function.Function;

/** The way to the keyspace's newest state. Callable from any thread. */
public interface StoreReading {

  /** Lets {@code reading} have a view, which is good for as long as that runs. */
  <T> T read(Function<KeyspaceView, T> reading);
}
