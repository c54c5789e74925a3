// SPDX-License-Identifier: Apache-2.0
/** JSON as Go reads and writes it, no more than the v2 API needs. */
@NullMarked
package io.kvorum.ctl.json;

import org.jspecify.annotations.NullMarked;
