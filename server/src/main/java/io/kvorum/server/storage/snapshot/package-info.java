// SPDX-License-Identifier: Apache-2.0
/** etcd's snapshot files: writing, verifying, choosing and deleting them. */
@NullMarked
package io.kvorum.server.storage.snapshot;

import org.jspecify.annotations.NullMarked;
