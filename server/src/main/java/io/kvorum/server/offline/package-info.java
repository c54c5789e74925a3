// SPDX-License-Identifier: Apache-2.0
/** Tools that read and write data directories while no member, or another process, uses them. */
@NullMarked
package io.kvorum.server.offline;

import org.jspecify.annotations.NullMarked;
