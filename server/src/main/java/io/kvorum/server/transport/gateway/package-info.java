// SPDX-License-Identifier: Apache-2.0
/** The JSON gateway: the methods of the v3 API over plain HTTP. */
@NullMarked
package io.kvorum.server.transport.gateway;

import org.jspecify.annotations.NullMarked;
