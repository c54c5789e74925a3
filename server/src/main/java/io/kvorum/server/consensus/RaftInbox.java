// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.Worker;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Input;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.observe.Sparingly;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The doors to the raft thread for the network and for apply. What the network says may be dropped
 * at the bound, what apply says never.
 */
final class RaftInbox implements PeerInbox, AppliedListener {

  private static final Logger LOG = LoggerFactory.getLogger(RaftInbox.class);

  private final Worker<RaftEvent> raft;
  private final Waiters waiters;
  private final FactsBoard facts;
  private final SnapshotExchange snapshots;
  private final Sparingly complaints;

  RaftInbox(
      Worker<RaftEvent> raft,
      Waiters waiters,
      FactsBoard facts,
      SnapshotExchange snapshots,
      Sparingly complaints) {
    this.raft = raft;
    this.waiters = waiters;
    this.facts = facts;
    this.snapshots = snapshots;
    this.complaints = complaints;
  }

  @Override
  public void received(Message message) {
    if (message instanceof Message.InstallSnapshot) {
      // Without its state the core would throw away the log for a snapshot that is nowhere.
      return;
    }
    if (isCredible(message)) {
      raft.offer(new RaftEvent.Step(new Input.Received(message)));
    }
  }

  private boolean isCredible(Message message) {
    boolean credible = PlausibleTerm.holds(message.term(), facts.term());
    if (!credible) {
      complaints.say(
          others ->
              LOG.atWarn()
                  .addKeyValue("from", MemberId.hex(message.from()))
                  .addKeyValue("term", Long.toUnsignedString(message.term()))
                  .addKeyValue("own-term", facts.term())
                  .addKeyValue("not-logged-since", others)
                  .log("ignoring a message whose term can not be true"));
    }
    return credible;
  }

  @Override
  public SnapshotReceipt receiveSnapshot(Message.InstallSnapshot message, Bytes treeJson) {
    return snapshots.receive(
        message,
        treeJson,
        this::isCredible,
        whole -> raft.offer(new RaftEvent.Step(new Input.Received(whole))));
  }

  @Override
  public void unreachable(long peer) {
    raft.offer(new RaftEvent.Step(new Input.Unreachable(peer)));
  }

  @Override
  public void snapshotSent(long peer, boolean delivered) {
    tell(new Input.SnapshotSent(peer, delivered));
  }

  @Override
  public void applied(LogPosition last, List<Answer> answers) {
    facts.applied(last.index());
    for (Answer answer : answers) {
      waiters.answer(
          answer.requestId(), new Applied(answer.outcome(), answer.logIndex(), answer.term()));
    }
    tell(new Input.Applied(last.index()));
  }

  @Override
  public void configurationApplied(long index, ConfState confState) {
    tell(new Input.ConfigurationApplied(index, confState));
  }

  @Override
  public void snapshotInstalled(LogPosition position) {
    facts.applied(position.index());
    tell(new Input.SnapshotInstalled(position));
  }

  @Override
  public void snapshotPrepared(long peer, SnapshotMetadata snapshot, StateForPeer state) {
    snapshots.keep(peer, snapshot, state);
    tell(new Input.SnapshotReady(peer, snapshot));
  }

  private void tell(Input input) {
    raft.put(new RaftEvent.Step(input));
  }
}
