// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.server.member.Member;
import java.util.List;

/**
 * Who a member without a log is going to be.
 *
 * @param founders the members of a new cluster by ascending id, each a configuration entry of the
 *     log; none when joining one that exists
 */
record Identity(MemberId member, MemberId cluster, List<Member> founders) {}
