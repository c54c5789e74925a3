// SPDX-License-Identifier: Apache-2.0
/** The v2 keyspace: directories, indexes, deadlines and the history of events. */
@NullMarked
package io.kvorum.server.tree;

import org.jspecify.annotations.NullMarked;
