// SPDX-License-Identifier: Apache-2.0
/** Background work. Changes state only by submitting commands, like everybody. */
@NullMarked
package io.kvorum.server.duty;

import org.jspecify.annotations.NullMarked;
