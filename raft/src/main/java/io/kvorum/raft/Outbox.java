// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has been decided since the last drain. A kind that nobody used costs nothing. */
final class Outbox {

  private final Gathering<Message> immediate = new Gathering<>();
  private final Gathering<Message> afterPersist = new Gathering<>();
  private final Gathering<Effects.ReadState> readStates = new Gathering<>();
  private final Gathering<Effects.Refused> refused = new Gathering<>();
  private final Gathering<Effects.LogRead> logReads = new Gathering<>();
  private final Gathering<Long> snapshotsWanted = new Gathering<>();
  private Message.@Nullable AppendAccepted accepted;
  private @Nullable SnapshotMetadata snapshot;
  private boolean used;

  boolean isUsed() {
    return used;
  }

  void immediate(Message message) {
    used = true;
    immediate.add(message);
  }

  void afterPersist(Message message) {
    used = true;
    afterPersist.add(message);
  }

  /**
   * An accepted append. Of several to one leader in one batch only the furthest is sent: within a
   * term a follower never takes back what it has accepted.
   */
  void accepted(Message.AppendAccepted answer) {
    used = true;
    Message.AppendAccepted waiting = accepted;
    if (waiting != null && (waiting.to() != answer.to() || waiting.term() != answer.term())) {
      afterPersist.add(waiting);
      waiting = null;
    }
    accepted = waiting != null && waiting.index() > answer.index() ? waiting : answer;
  }

  void readState(Bytes context, long index) {
    used = true;
    readStates.add(new Effects.ReadState(context, index));
  }

  void refused(Entry proposal, Effects.Refused.Reason reason) {
    used = true;
    refused.add(new Effects.Refused(proposal, reason));
  }

  void logRead(Effects.LogRead read) {
    used = true;
    logReads.add(read);
  }

  void snapshotWanted(long peer) {
    used = true;
    snapshotsWanted.add(peer);
  }

  void snapshot(SnapshotMetadata received) {
    used = true;
    snapshot = received;
  }

  Effects take(
      long batch,
      Optional<HardState> hardState,
      List<Entry> entries,
      boolean withSnapshot,
      boolean mustSync,
      List<Entry> committed,
      Optional<Effects.Leadership> leadership) {
    if (accepted != null) {
      afterPersist.add(accepted);
      accepted = null;
    }
    Optional<SnapshotMetadata> received = Optional.empty();
    if (withSnapshot) {
      received = Optional.ofNullable(snapshot);
      snapshot = null;
    }
    used = snapshot != null;
    return new Effects(
        batch,
        hardState,
        entries,
        received,
        mustSync,
        immediate.take(),
        afterPersist.take(),
        committed,
        readStates.take(),
        refused.take(),
        logReads.take(),
        snapshotsWanted.take(),
        leadership);
  }

  /** A list that is made when its first element comes. */
  private static final class Gathering<T> {
    private @Nullable List<T> items;

    void add(T item) {
      if (items == null) {
        items = new ArrayList<>();
      }
      items.add(item);
    }

    List<T> take() {
      List<T> taken = items;
      items = null;
      return taken == null ? List.of() : Collections.unmodifiableList(taken);
    }
  }
}
