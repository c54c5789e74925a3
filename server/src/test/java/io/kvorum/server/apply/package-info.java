// SPDX-License-Identifier: Apache-2.0
/** The single writer: replay, refusals, snapshots, crashes. */
@NullMarked
package io.kvorum.server.apply;

import org.jspecify.annotations.NullMarked;
