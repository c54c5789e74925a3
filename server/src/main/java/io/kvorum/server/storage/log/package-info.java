// SPDX-License-Identifier: Apache-2.0
/**
 * The write-ahead log in etcd's own file format: segments, a checksum chain, repair of a torn end,
 * group commit, and reading of old entries by an offset table.
 */
@NullMarked
package io.kvorum.server.storage.log;

import org.jspecify.annotations.NullMarked;
