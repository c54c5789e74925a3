// SPDX-License-Identifier: Apache-2.0
/** Checks of the definitions of the wire. */
@NullMarked
package io.kvorum.api;

import org.jspecify.annotations.NullMarked;
