// SPDX-License-Identifier: Apache-2.0
/**
 * The v3 keyspace: every version of every key until it is compacted, found by key and by revision.
 */
@NullMarked
package io.kvorum.server.mvcc;

import org.jspecify.annotations.NullMarked;
