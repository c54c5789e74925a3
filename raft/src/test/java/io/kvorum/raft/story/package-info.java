// SPDX-License-Identifier: Apache-2.0
/**
 * Scripts that tell what a few nodes do, line by line, and compare it with what is written down.
 */
@NullMarked
package io.kvorum.raft.story;

import org.jspecify.annotations.NullMarked;
