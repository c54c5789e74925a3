// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static io.kvorum.base.ProtoWriter.sizeOfMessage;
import static io.kvorum.base.ProtoWriter.sizeOfUint64;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * raftpb.Message as it lies on the wire: one bag of fields whose meaning depends on the type. Lives
 * for one encoding or decoding; the rest of the program sees only the cases of {@link Message}.
 */
final class MessageFields {

  /** What a vote request of a leadership transfer carries; it overrides the receiver's lease. */
  private static final Bytes CAMPAIGN_TRANSFER = Bytes.utf8("CampaignTransfer");

  /** A message's snapshot field when there is none: releases before 3.6 always write it. */
  private static final Bytes NO_SNAPSHOT =
      RaftWire.encode(new RaftWire.Snapshot(SnapshotMetadata.EMPTY, Bytes.EMPTY));

  private static final int PROPOSE = 2;
  private static final int APPEND = 3;
  private static final int APPEND_RESPONSE = 4;
  private static final int VOTE = 5;
  private static final int VOTE_RESPONSE = 6;
  private static final int SNAPSHOT = 7;
  private static final int HEARTBEAT = 8;
  private static final int HEARTBEAT_RESPONSE = 9;
  private static final int TRANSFER_LEADER = 13;
  private static final int TIMEOUT_NOW = 14;
  private static final int READ_INDEX = 15;
  private static final int READ_INDEX_RESPONSE = 16;
  private static final int PRE_VOTE = 17;
  private static final int PRE_VOTE_RESPONSE = 18;

  private int type;
  private long to;
  private long from;
  private long term;
  private long logTerm;
  private long index;
  private List<Entry> entries = List.of();
  private long commit;
  private SnapshotMetadata snapshot = SnapshotMetadata.EMPTY;
  Bytes snapshotData = Bytes.EMPTY;
  private boolean reject;
  private long rejectHint;
  private Bytes context = Bytes.EMPTY;

  private Bytes encodedSnapshot = NO_SNAPSHOT;

  private MessageFields() {}

  static MessageFields of(Message message, Bytes snapshotData) {
    MessageFields fields = new MessageFields();
    fields.to = message.to();
    fields.from = message.from();
    fields.term = message.term();
    fields.type = fields.take(message);
    if (fields.type == SNAPSHOT) {
      fields.encodedSnapshot =
          RaftWire.encode(new RaftWire.Snapshot(fields.snapshot, snapshotData));
    }
    return fields;
  }

  private int take(Message message) {
    switch (message) {
      case Message.Append m -> {
        position(m.previous());
        entries = m.entries();
        commit = m.commit();
        return APPEND;
      }
      case Message.AppendAccepted m -> {
        index = m.index();
        return APPEND_RESPONSE;
      }
      case Message.AppendRejected m -> {
        reject = true;
        index = m.index();
        rejectHint = m.hint().index();
        logTerm = m.hint().term();
        return APPEND_RESPONSE;
      }
      case Message.VoteRequest m -> {
        position(m.last());
        context = m.transfer() ? CAMPAIGN_TRANSFER : Bytes.EMPTY;
        return m.preVote() ? PRE_VOTE : VOTE;
      }
      case Message.VoteResponse m -> {
        reject = m.rejected();
        return m.preVote() ? PRE_VOTE_RESPONSE : VOTE_RESPONSE;
      }
      case Message.Heartbeat m -> {
        commit = m.commit();
        context = m.context();
        return HEARTBEAT;
      }
      case Message.HeartbeatResponse m -> {
        context = m.context();
        return HEARTBEAT_RESPONSE;
      }
      case Message.InstallSnapshot m -> {
        snapshot = m.snapshot();
        return SNAPSHOT;
      }
      case Message.Proposal m -> {
        entries = m.entries();
        return PROPOSE;
      }
      case Message.ReadIndex m -> {
        entries = List.of(Entry.proposal(m.context()));
        return READ_INDEX;
      }
      case Message.ReadIndexResponse m -> {
        index = m.index();
        entries = List.of(Entry.proposal(m.context()));
        return READ_INDEX_RESPONSE;
      }
      case Message.TimeoutNow m -> {
        return TIMEOUT_NOW;
      }
      case Message.TransferLeader m -> {
        return TRANSFER_LEADER;
      }
    }
  }

  private void position(LogPosition position) {
    index = position.index();
    logTerm = position.term();
  }

  int size() {
    int size = 0;
    for (Entry entry : entries) {
      size += sizeOfMessage(7, RaftWire.size(entry));
    }
    return size
        + sizeOfUint64(1, type)
        + sizeOfUint64(2, to)
        + sizeOfUint64(3, from)
        + sizeOfUint64(4, term)
        + sizeOfUint64(5, logTerm)
        + sizeOfUint64(6, index)
        + sizeOfUint64(8, commit)
        + sizeOfMessage(9, encodedSnapshot.length())
        + sizeOfUint64(10, 1)
        + sizeOfUint64(11, rejectHint)
        + (context.isEmpty() ? 0 : sizeOfMessage(12, context.length()));
  }

  void write(ProtoWriter out) {
    out.enumerationAlways(1, type);
    out.uint64Always(2, to);
    out.uint64Always(3, from);
    out.uint64Always(4, term);
    out.uint64Always(5, logTerm);
    out.uint64Always(6, index);
    for (Entry entry : entries) {
      out.messageHeader(7, RaftWire.size(entry));
      RaftWire.write(out, entry);
    }
    out.uint64Always(8, commit);
    out.bytesAlways(9, encodedSnapshot);
    out.boolAlways(10, reject);
    out.uint64Always(11, rejectHint);
    out.bytes(12, context);
  }

  static MessageFields read(ProtoReader in) {
    MessageFields fields = new MessageFields();
    List<Entry> entries = new ArrayList<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> fields.type = in.enumeration();
        case 2 -> fields.to = in.uint64();
        case 3 -> fields.from = in.uint64();
        case 4 -> fields.term = in.uint64();
        case 5 -> fields.logTerm = in.uint64();
        case 6 -> fields.index = in.uint64();
        case 7 -> entries.add(RaftWire.readEntry(in.message("Entry")));
        case 8 -> fields.commit = in.uint64();
        case 9 -> {
          RaftWire.Snapshot snapshot = RaftWire.readSnapshot(in.message("Snapshot"));
          fields.snapshot = snapshot.metadata();
          fields.snapshotData = snapshot.data();
        }
        case 10 -> fields.reject = in.bool();
        case 11 -> fields.rejectHint = in.uint64();
        case 12 -> fields.context = in.bytes();
        default -> in.skip();
      }
    }
    fields.entries = List.copyOf(entries);
    return fields;
  }

  /** Empty for local and unknown types: they are dropped silently, as etcd does. */
  Optional<Message> toMessage() {
    LogPosition position = new LogPosition(logTerm, index);
    return switch (type) {
      case PROPOSE -> Optional.of(new Message.Proposal(to, from, entries));
      case APPEND -> Optional.of(new Message.Append(to, from, term, position, entries, commit));
      case APPEND_RESPONSE ->
          Optional.of(
              reject
                  ? new Message.AppendRejected(
                      to, from, term, index, new LogPosition(logTerm, rejectHint))
                  : new Message.AppendAccepted(to, from, term, index));
      case VOTE, PRE_VOTE ->
          Optional.of(
              new Message.VoteRequest(
                  to, from, term, type == PRE_VOTE, position, context.equals(CAMPAIGN_TRANSFER)));
      case VOTE_RESPONSE, PRE_VOTE_RESPONSE ->
          Optional.of(new Message.VoteResponse(to, from, term, type == PRE_VOTE_RESPONSE, reject));
      case SNAPSHOT -> Optional.of(new Message.InstallSnapshot(to, from, term, snapshot));
      case HEARTBEAT -> Optional.of(new Message.Heartbeat(to, from, term, commit, context));
      case HEARTBEAT_RESPONSE ->
          Optional.of(new Message.HeartbeatResponse(to, from, term, context));
      case TRANSFER_LEADER -> Optional.of(new Message.TransferLeader(to, from, term));
      case TIMEOUT_NOW -> Optional.of(new Message.TimeoutNow(to, from, term));
      case READ_INDEX -> Optional.of(new Message.ReadIndex(to, from, readContext()));
      case READ_INDEX_RESPONSE ->
          Optional.of(new Message.ReadIndexResponse(to, from, term, index, readContext()));
      default -> Optional.empty();
    };
  }

  private Bytes readContext() {
    return entries.isEmpty() ? Bytes.EMPTY : entries.get(0).data();
  }
}
