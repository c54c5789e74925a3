// SPDX-License-Identifier: Apache-2.0
/**
 * A small gRPC client: HTTP/2 in clear text over a plain socket, calls and streams of bytes. Knows
 * no message. See docs/decisions/0015 for why it is our own.
 */
@NullMarked
package io.kvorum.ctl.grpc;

import org.jspecify.annotations.NullMarked;
