// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import io.kvorum.server.storage.engine.Batch;

/** The keys that hang on leases: the keyspace knows them. Owned by the apply thread. */
public interface AttachedKeys {

  /** Deletes the keys of {@code lease}, in key order and in one revision. */
  void delete(long lease, Batch batch);

  /** The keyspace's revision after everything applied so far. */
  long revision();
}
