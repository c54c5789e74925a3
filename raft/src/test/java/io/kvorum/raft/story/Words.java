// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.story;

import io.kvorum.base.Bytes;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftWire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How messages, entries and the like read in a story. A position is written index@term. */
final class Words {

  private Words() {}

  static String of(Message message) {
    String what =
        switch (message) {
          case Message.Append m ->
              "append after " + of(m.previous()) + " " + of(m.entries()) + " commit " + m.commit();
          case Message.AppendAccepted m -> "accepted up to " + m.index();
          case Message.AppendRejected m -> "rejected " + m.index() + ", try " + of(m.hint());
          case Message.VoteRequest m ->
              (m.preVote() ? "pre-vote?" : "vote?")
                  + " last "
                  + of(m.last())
                  + (m.transfer() ? " for a transfer" : "");
          case Message.VoteResponse m ->
              (m.preVote() ? "pre-vote " : "vote ") + (m.rejected() ? "no" : "yes");
          case Message.Heartbeat m -> "heartbeat commit " + m.commit() + round(m.context());
          case Message.HeartbeatResponse m -> "heartbeat answer" + round(m.context());
          case Message.InstallSnapshot m -> "snapshot " + of(m.snapshot().position());
          case Message.Proposal m -> "propose " + of(m.entries());
          case Message.ReadIndex m -> "read index? " + m.context().utf8();
          case Message.ReadIndexResponse m -> "read " + m.context().utf8() + " at " + m.index();
          case Message.TimeoutNow m -> "take over now";
          case Message.TransferLeader m -> "transfer, please";
        };
    String term = message.term() == 0 ? "" : " (term " + message.term() + ")";
    return message.from() + "->" + message.to() + " " + what + term;
  }

  private static String round(Bytes context) {
    return context.isEmpty()
        ? ""
        : " round "
            + (context.length() == 8
                ? "" + ByteBuffer.wrap(context.toArray()).getLong()
                : context.utf8());
  }

  static String of(LogPosition position) {
    return position.index() + "@" + position.term();
  }

  static String of(List<Entry> entries) {
    if (entries.size() > 8) {
      return "[" + of(entries.getFirst()) + " .. " + of(entries.getLast()) + "]";
    }
    return entries.stream().map(Words::of).collect(Collectors.joining(" ", "[", "]"));
  }

  static String of(Entry entry) {
    String where = entry.index() == 0 ? "" : of(entry.position()) + " ";
    return where
        + switch (entry.type()) {
          case NORMAL -> {
            String text = entry.data().utf8();
            yield text.isEmpty() ? "-" : text.length() > 20 ? text.length() + " bytes" : text;
          }
          case CONF_CHANGE -> {
            var change = RaftWire.decodeConfChange(entry.data());
            yield lower(change.type()).replace('_', '-') + ":" + change.nodeId();
          }
          case CONF_CHANGE_V2 -> entry.data().isEmpty() ? "leave-joint" : "joint-change";
        };
  }

  static String of(ConfState conf) {
    return "voters "
        + conf.voters()
        + (conf.isJoint() ? " and " + conf.votersOutgoing() : "")
        + (conf.learners().isEmpty() ? "" : " learners " + conf.learners());
  }

  static String of(Effects.Role role) {
    return lower(role).replace('_', '-');
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
