// SPDX-License-Identifier: Apache-2.0
/**
 * Drives the raft core: proposals in, log writes, messages and commits out, leadership facts,
 * reads.
 */
@NullMarked
package io.kvorum.server.consensus;

import org.jspecify.annotations.NullMarked;
