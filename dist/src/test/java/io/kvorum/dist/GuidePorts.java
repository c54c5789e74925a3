// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

/**
 * The ports of all three hosts: 2379, 4001 and 2380 in the guide.
 *
 * @param old where a client looks after {@code client}; nobody listens there
 */
record GuidePorts(int client, int old, int peer) {}
