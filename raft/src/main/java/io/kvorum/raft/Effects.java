// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * What the core wants done after a batch of inputs. Effects are executed in the order they were
 * drained; within one, {@code immediate} may leave at once while the disk works.
 *
 * @param batch the number of this set for {@link Input.Persisted}: grows with every set that
 *     changes the disk, repeats in a set that does not
 * @param hardState the new hard state when it changed
 * @param entries to be appended; the first one's index cuts off whatever the log holds from there
 * @param snapshot a received snapshot that replaces the whole log; never in one set with entries.
 *     Answered by {@link Input.SnapshotInstalled}
 * @param mustSync whether entries, term or vote changed: fsync before {@code afterPersist} leaves,
 *     then report {@link Input.Persisted}. A changed commit alone is written but not waited for
 * @param immediate messages that may leave before anything here is durable
 * @param afterPersist messages that must wait until everything up to here is durable, earlier sets
 *     included: an append that came twice is not acknowledged before its first copy is on disk
 * @param committed entries to apply, consecutive, each durable in the own log
 * @param refused proposals that were not placed; the proposer may try again
 * @param snapshotsWanted peers that can only be helped by a snapshot
 * @param leadership the new view when role, leader or term changed
 */
public record Effects(
    long batch,
    Optional<HardState> hardState,
    List<Entry> entries,
    Optional<SnapshotMetadata> snapshot,
    boolean mustSync,
    List<Message> immediate,
    List<Message> afterPersist,
    List<Entry> committed,
    List<ReadState> readStates,
    List<Refused> refused,
    List<LogRead> logReads,
    List<Long> snapshotsWanted,
    Optional<Leadership> leadership) {

  /** A read with this context may be served once {@code index} is applied. */
  public record ReadState(Bytes context, long index) {}

  /** A proposal that got no place in any log, and why. */
  public record Refused(Entry entry, Reason reason) {

    /** Why a proposal was refused. */
    public enum Reason {
      NO_LEADER,
      TRANSFER_IN_PROGRESS,
      NOT_A_MEMBER,
      /** A membership change while an earlier one is not applied yet. */
      CHANGE_PENDING,
      /**
       * The leader's own removal is in its log. Entries behind it would make the leaver's log newer
       * than those of the members that stay, and they need its vote until they know of the removal.
       */
      LEAVING
    }
  }

  /**
   * Entries for {@code peer} that are no longer in memory: from {@code from} to {@code to}, both
   * included, all of them committed; at most {@code bytesMax} of encoded entries (but at least
   * one), with the position before them. At most one is under way per peer.
   */
  public record LogRead(long peer, long from, long to, int bytesMax) {}

  /** Who leads, as this node sees it. {@code leader} 0: nobody known. */
  public record Leadership(Role role, long leader, long term) {}

  /** The four roles of etcd's raft. */
  public enum Role {
    FOLLOWER,
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER
  }
}
