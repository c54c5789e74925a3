// SPDX-License-Identifier: Apache-2.0
/** The messages of the v3 API, read by a table of their fields instead of generated classes. */
@NullMarked
package io.kvorum.ctl.v3.wire;

import org.jspecify.annotations.NullMarked;
