// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.List;

/** Everything that can happen to the core (docs/architecture.md, law 8). */
public sealed interface Input {

  /** What this node found out about, or for, one peer that it leads; without effect elsewhere. */
  sealed interface PeerReport extends Input {
    long peer();
  }

  /** One heartbeat interval has passed. */
  record Tick() implements Input {}

  /** Start-up help: as if {@code ticks} had passed on the election timer without a campaign. */
  record AdvanceElectionTimer(int ticks) implements Input {}

  /** A message from the network. Local types are dropped before they get here. */
  record Received(Message message) implements Input {}

  /**
   * Commands of this member's clients, to be placed in order; a CONF_CHANGE entry carries a
   * membership change. Refused ones come back in {@link Effects#refused()}; a forwarded one is sent
   * at most once and its fate is unknown here.
   */
  record Propose(List<Entry> entries) implements Input {}

  /** A linearizable read wants an index; answered in {@link Effects#readStates()}, or never. */
  record RequestRead(Bytes context) implements Input {}

  /**
   * The disk durably holds the entries and the hard state of every {@link Effects} up to number
   * {@code batch}. One report may cover many batches.
   *
   * <p>A number and not a log position, because a batch may hold nothing but a vote, and because a
   * position that was cut off and written again would make a late report ambiguous.
   */
  record Persisted(long batch) implements Input {}

  /** The received snapshot is installed and durable. */
  record SnapshotInstalled(LogPosition position) implements Input {}

  /** The state machine reflects every entry up to {@code index}. */
  record Applied(long index) implements Input {}

  /**
   * The configuration entry at {@code index} was applied, with this result. Due for every committed
   * configuration entry, also for one that was refused and changed nothing: until it arrives the
   * core neither campaigns nor takes another change.
   */
  record ConfigurationApplied(long index, ConfState confState) implements Input {}

  /** Answer to {@link Effects.LogRead}: entries from {@code from} on, at least one. */
  record EntriesRead(long peer, LogPosition previous, List<Entry> entries) implements PeerReport {}

  /** Answer to {@link Effects.LogRead}: these entries are gone, a snapshot is needed. */
  record EntriesGone(long peer) implements PeerReport {}

  /**
   * Answer to {@link Effects#snapshotsWanted()}: a snapshot at this position can be sent. It is
   * when a {@link Message.InstallSnapshot} follows; none does when the peer no longer needs it.
   */
  record SnapshotReady(long peer, SnapshotMetadata snapshot) implements PeerReport {}

  /** No snapshot can be made now; the core asks again later. */
  record SnapshotUnavailable(long peer) implements PeerReport {}

  /** The transport knows how sending a snapshot ended. */
  record SnapshotSent(long peer, boolean delivered) implements PeerReport {}

  /** A message to {@code peer} was lost by the transport. */
  record Unreachable(long peer) implements PeerReport {}

  /** Hand the leadership to {@code target}; without effect on a follower. */
  record TransferLeadership(long target) implements Input {}

  /** Campaign now (a one-member cluster at its start, tests). */
  record Campaign() implements Input {}

  /** Entries up to {@code position} need not be kept any more: the log's new beginning. */
  record LogReleased(LogPosition position) implements Input {}
}
