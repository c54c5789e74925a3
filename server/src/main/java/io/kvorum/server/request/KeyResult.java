// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.TreeEvent;

/** What was read or changed, and how far this member was at that moment. */
public record KeyResult(TreeEvent event, RaftPosition position) {}
