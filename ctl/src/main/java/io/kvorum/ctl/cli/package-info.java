// SPDX-License-Identifier: Apache-2.0
/** Options, arguments and help pages as etcdctl 2.3.7 reads and prints them; knows no command. */
@NullMarked
package io.kvorum.ctl.cli;

import org.jspecify.annotations.NullMarked;
