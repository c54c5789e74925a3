// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.auth.TokenChange;
import io.kvorum.server.consensus.AppliedListener;
import io.kvorum.server.lease.LeaseChange;
import io.kvorum.server.member.MembershipListener;
import io.kvorum.server.watch.KeyspaceAudience;
import io.kvorum.server.watch.TreeWatches;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who is told what a round did, once it is visible: the only way effects leave the single writer.
 *
 * @param leases gets what a round did to leases, if anything
 * @param flushDue gets each round's position when enough was applied since the last flush
 */
public record Audience(
    AppliedListener consensus,
    TreeWatches watches,
    KeyspaceAudience keyspace,
    Consumer<List<LeaseChange>> leases,
    Consumer<List<TokenChange>> tokens,
    MembershipListener members,
    Consumer<SnapshotMetadata> flushDue) {}
