// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

/** Append messages in one direction: how many ever, and messages and bytes per second lately. */
public record AppendTraffic(long count, double messagesPerSecond, double bytesPerSecond) {}
