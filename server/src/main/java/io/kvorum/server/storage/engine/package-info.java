// SPDX-License-Identifier: Apache-2.0
/**
 * An ordered key-value port with atomic batches and snapshots, and its two implementations: RocksDB
 * and a deterministic twin in memory. The only package that touches the storage library.
 */
@NullMarked
package io.kvorum.server.storage.engine;

import org.jspecify.annotations.NullMarked;
