// SPDX-License-Identifier: Apache-2.0
/** Whole clusters of the consensus core in one thread, on virtual time, from a seed. */
@NullMarked
package io.kvorum.raft.sim;

import org.jspecify.annotations.NullMarked;
