// SPDX-License-Identifier: Apache-2.0
/** Locks and elections, composed from what any client could ask for. */
@NullMarked
package io.kvorum.server.recipe;

import org.jspecify.annotations.NullMarked;
