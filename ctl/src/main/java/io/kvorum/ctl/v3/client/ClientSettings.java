// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

import io.kvorum.ctl.grpc.Keepalive;

/**
 * How a client behaves.
 *
 * @param dialNanosMax how long one connection attempt may take
 * @param commandNanosMax how long a short command's request may take
 * @param sendBytesMax the largest request
 * @param receiveBytesMax the largest answer
 * @param user who logs in first; empty for nobody
 * @param token sent with every request instead of a login; empty for none
 */
public record ClientSettings(
    long dialNanosMax,
    long commandNanosMax,
    Keepalive keepalive,
    long sendBytesMax,
    long receiveBytesMax,
    String user,
    String password,
    String token) {}
