// SPDX-License-Identifier: Apache-2.0
/** The client port's v2 API and the small endpoints beside it: decode, call a request, encode. */
@NullMarked
package io.kvorum.server.transport.v2;

import org.jspecify.annotations.NullMarked;
