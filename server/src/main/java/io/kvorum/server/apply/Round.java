// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.raft.ConfChange;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Configuration;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.AppliedListener.Answer;
import io.kvorum.server.member.MemberRegistry;
import io.kvorum.server.storage.engine.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * Some consecutive entries on their way into one storage batch. Each sees the effects of the ones
 * before it through the stores' working state; nobody else sees anything until the batch is
 * written. Owned by the apply thread, used once.
 */
final class Round {

  /** The configuration that the entry at {@code index} led to. */
  record Configured(long index, ConfState confState) {}

  private final Stores stores;
  private final V3Commands v3;
  private final Batch batch = new Batch();
  private final List<Answer> answers = new ArrayList<>();
  private final List<Configured> configured = new ArrayList<>();
  private LogPosition position;
  private ConfState confState;
  private final long v3Index;
  private long bytes;

  Round(Stores stores, LogPosition position, ConfState confState) {
    this.stores = stores;
    v3 = new V3Commands(stores);
    v3Index = StoreMeta.v3Index(stores.engine());
    this.position = position;
    this.confState = confState;
  }

  void apply(Entry entry) {
    if (entry.index() != position.index() + 1) {
      throw new IllegalStateException(
          "apply: entry " + entry.position() + " after " + position + ", expected the next one");
    }
    EntryCodec.Decoded decoded = EntryCodec.decode(entry);
    Outcome outcome = carryOut(decoded, entry);
    position = entry.position();
    bytes += entry.data().length();
    if (decoded.requestId() != 0) {
      answers.add(new Answer(decoded.requestId(), outcome, entry.index(), entry.term()));
    }
  }

  private Outcome carryOut(EntryCodec.Decoded decoded, Entry entry) {
    return switch (decoded.command()) {
      case TreeCommand change -> stores.tree().apply(change, batch);
      case MemberCommand change -> changeMembers(change, entry);
      case V3Request request ->
          // Nobody waits for what is there already.
          entry.index() <= v3Index
              ? new Outcome.Done()
              : v3.carryOut(request, decoded.requestId(), entry.index(), batch);
      case Command.Nothing() -> {
        if (entry.type() != EntryType.NORMAL) {
          configure(
              entry, Configuration.apply(confState, RaftWire.decodeConfChangeV2(entry.data())));
        }
        yield new Outcome.Done();
      }
    };
  }

  /** A membership change is one step: the members' records, the tree's mirror, the voters. */
  private Outcome changeMembers(MemberCommand command, Entry entry) {
    MemberRegistry.Decision decision = stores.members().apply(command, batch);
    decision.mirror().forEach(mirrored -> stores.tree().apply(mirrored, batch));
    if (entry.type() == EntryType.CONF_CHANGE) {
      ConfChange change = RaftWire.decodeConfChange(entry.data());
      long nodeId = decision.accepted() && !removesLastVoter(change) ? change.nodeId() : 0;
      configure(
          entry,
          Configuration.apply(
              confState, new ConfChange(change.id(), change.type(), nodeId, change.context())));
    }
    return decision.outcome();
  }

  /**
   * A cluster of nobody can not be: the last member stays a voter of its own log and stops because
   * it was removed, as 2.3.7 does. Genuine members of 3.4 die of this entry, at every start again.
   */
  private boolean removesLastVoter(ConfChange change) {
    return change.type() == ConfChange.Type.REMOVE_NODE
        && confState.voters().equals(List.of(change.nodeId()));
  }

  private void configure(Entry entry, ConfState next) {
    confState = next;
    configured.add(new Configured(entry.index(), next));
  }

  /** Writes everything at once, with the position it stands for. */
  void write() {
    if (!configured.isEmpty()) {
      StoreMeta.putConfiguration(confState, batch);
    }
    if (v3Index > 0 && position.index() >= v3Index) {
      StoreMeta.deleteV3Index(batch);
    }
    StoreMeta.putPosition(position, batch);
    stores.engine().write(batch);
  }

  LogPosition position() {
    return position;
  }

  ConfState confState() {
    return confState;
  }

  List<Answer> answers() {
    return answers;
  }

  List<Configured> configured() {
    return configured;
  }

  /** The size of what was applied so far, in bytes of entries. */
  long bytes() {
    return bytes;
  }
}
