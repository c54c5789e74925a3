// SPDX-License-Identifier: Apache-2.0
/**
 * Leases: which there are, decided by the log, and how long they last, counted by the leader alone.
 */
@NullMarked
package io.kvorum.server.lease;

import org.jspecify.annotations.NullMarked;
