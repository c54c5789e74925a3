// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

/**
 * How calls are made.
 *
 * @param headerTimeoutNanos from sending a request to the head of its answer; none when not
 *     positive
 * @param totalTimeoutNanos one call over all its endpoints
 * @param authorization the {@code Authorization} header; empty for none
 */
public record ClientSettings(
    long headerTimeoutNanos, long totalTimeoutNanos, String authorization) {}
