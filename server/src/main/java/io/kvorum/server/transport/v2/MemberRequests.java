// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.request.ChangeMembers;
import io.kvorum.server.request.ListMembers;

/** What {@code /v2/members} and its neighbours call. */
public record MemberRequests(ListMembers list, ChangeMembers change) {}
