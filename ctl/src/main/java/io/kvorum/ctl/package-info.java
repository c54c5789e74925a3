// SPDX-License-Identifier: Apache-2.0
/** The entry point of etcdctl: which API a call is for. */
@NullMarked
package io.kvorum.ctl;

import org.jspecify.annotations.NullMarked;
