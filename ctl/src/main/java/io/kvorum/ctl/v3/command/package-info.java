// SPDX-License-Identifier: Apache-2.0
/** The commands of etcdctl v3, one class each where they are more than a few lines. */
@NullMarked
package io.kvorum.ctl.v3.command;

import org.jspecify.annotations.NullMarked;
