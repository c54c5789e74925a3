// SPDX-License-Identifier: Apache-2.0
/** The v3 API: services, and how their refusals look. */
@NullMarked
package io.kvorum.server.transport.v3;

import org.jspecify.annotations.NullMarked;
