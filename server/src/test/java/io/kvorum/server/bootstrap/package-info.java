// SPDX-License-Identifier: Apache-2.0
/**
 * Whole members, without their ports, on virtual time and a disk that loses what was not synced.
 */
@NullMarked
package io.kvorum.server.bootstrap;

import org.jspecify.annotations.NullMarked;
