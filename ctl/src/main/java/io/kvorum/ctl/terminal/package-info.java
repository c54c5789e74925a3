// SPDX-License-Identifier: Apache-2.0
/** What a command line program has around it: streams, environment, exit codes, Ctrl-C. */
@NullMarked
package io.kvorum.ctl.terminal;

import org.jspecify.annotations.NullMarked;
