// SPDX-License-Identifier: Apache-2.0
/** Reads JSON without losing a byte: order, number texts and string escapes stay as written. */
@NullMarked
package io.kvorum.harness.json;

import org.jspecify.annotations.NullMarked;
