// SPDX-License-Identifier: Apache-2.0
/** Calls to a cluster: endpoints, fail-over, login, sessions, watches. */
@NullMarked
package io.kvorum.ctl.v3.client;

import org.jspecify.annotations.NullMarked;
