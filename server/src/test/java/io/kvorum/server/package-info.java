// SPDX-License-Identifier: Apache-2.0
/** Rules about the member as a whole; its parts have their tests beside them. */
@NullMarked
package io.kvorum.server;

import org.jspecify.annotations.NullMarked;
