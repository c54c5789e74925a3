// SPDX-License-Identifier: Apache-2.0
/** Flags and help pages as etcdctl v3 reads and prints them; knows no command. */
@NullMarked
package io.kvorum.ctl.v3.cli;

import org.jspecify.annotations.NullMarked;
