// SPDX-License-Identifier: Apache-2.0
/** A gRPC client for load alone: HTTP/2 frames over few event loops, so that it costs little. */
@NullMarked
package io.kvorum.bench.grpc;

import org.jspecify.annotations.NullMarked;
