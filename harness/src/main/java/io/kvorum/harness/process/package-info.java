// SPDX-License-Identifier: Apache-2.0
/** Members and command line programs as operating system processes, started and always ended. */
@NullMarked
package io.kvorum.harness.process;

import org.jspecify.annotations.NullMarked;
