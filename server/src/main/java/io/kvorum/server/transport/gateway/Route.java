// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.gateway;

import com.google.protobuf.Message;

/**
 * One route of the gateway.
 *
 * @param path below {@code /v3/}
 * @param method the gRPC method behind it
 * @param request what the body is
 * @param response what each answer is
 * @param takesMany whether the body is one message after another
 * @param streams whether there may be several answers, each in an envelope
 */
record Route(
    String path,
    String method,
    Message request,
    Message response,
    boolean takesMany,
    boolean streams) {}
