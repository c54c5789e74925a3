// SPDX-License-Identifier: Apache-2.0
/** Protocol-neutral commands, outcomes and refusals, and their form in the log. */
@NullMarked
package io.kvorum.server.command;

import org.jspecify.annotations.NullMarked;
