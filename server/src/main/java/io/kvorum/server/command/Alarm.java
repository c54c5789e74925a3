// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/**
 * An alarm that stands until it is ended.
 *
 * @param memberId whose trouble it is
 * @param type as in {@link AlarmCommand}
 */
public record Alarm(long memberId, int type) {}
