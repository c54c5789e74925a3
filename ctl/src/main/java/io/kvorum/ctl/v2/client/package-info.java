// SPDX-License-Identifier: Apache-2.0
/** The v2 API as seen by a client: endpoints in turn, keys, members, failures. */
@NullMarked
package io.kvorum.ctl.v2.client;

import org.jspecify.annotations.NullMarked;
