// SPDX-License-Identifier: Apache-2.0
/** One class per v2 command, and what they share: global options, connecting, printing. */
@NullMarked
package io.kvorum.ctl.v2.command;

import org.jspecify.annotations.NullMarked;
