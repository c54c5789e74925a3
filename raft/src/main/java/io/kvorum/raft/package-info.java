// SPDX-License-Identifier: Apache-2.0
/**
 * The consensus core: a pure, deterministic function from inputs to effects.
 *
 * <p>Nothing in this package owns a thread, a clock, a socket, a file, a logger or a source of
 * randomness. Node ids are raw unsigned 64-bit numbers here; 0 is nobody.
 */
@NullMarked
package io.kvorum.raft;

import org.jspecify.annotations.NullMarked;
