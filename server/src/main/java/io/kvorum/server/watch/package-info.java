// SPDX-License-Identifier: Apache-2.0
/** From changes to ordered streams of events: the waits of v2, the watches of v3. */
@NullMarked
package io.kvorum.server.watch;

import org.jspecify.annotations.NullMarked;
