// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.raft.Entry;
import io.kvorum.raft.Message;
import io.kvorum.server.consensus.PeerInbox;
import io.kvorum.server.consensus.PeerTransport;
import io.kvorum.server.consensus.SnapshotReceipt;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.observe.MemberStatistics;
import io.kvorum.server.observe.PeerMetrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the messages that pass between consensus and the network: appends for {@code /v2/stats},
 * all of them, by about their length, for the metrics. A follower's latency is the time from an
 * append to the answer to it; while several are under way, to the first answer after the oldest of
 * them.
 */
final class MeteredPeers implements PeerTransport {
  /** About what a message has besides its entries' data. */
  private static final int HEAD_BYTES = 24;

  private static final int ENTRY_BYTES = 12;

  private final PeerTransport network;
  private final MemberStatistics statistics;
  private final PeerMetrics metrics;
  private final Clock clock;
  private final Map<Long, Long> askedAt = new ConcurrentHashMap<>();

  MeteredPeers(
      PeerTransport network, MemberStatistics statistics, PeerMetrics metrics, Clock clock) {
    this.metrics = metrics;
    this.network = network;
    this.statistics = statistics;
    this.clock = clock;
  }

  @Override
  public void send(List<Message> messages) {
    for (var message : messages) {
      metrics.sent(message.to(), bytes(message));
      if (message instanceof Message.Append append) {
        statistics.appendSent(bytes(append));
        askedAt.putIfAbsent(append.to(), clock.monotonicNanos());
      }
    }
    network.send(messages);
  }

  private static int bytes(Message message) {
    return switch (message) {
      case Message.Append append -> HEAD_BYTES + bytes(append.entries());
      case Message.Proposal proposal -> HEAD_BYTES + bytes(proposal.entries());
      default -> HEAD_BYTES;
    };
  }

  private static int bytes(List<Entry> entries) {
    int bytes = 0;
    for (Entry entry : entries) {
      bytes += ENTRY_BYTES + entry.data().length();
    }
    return bytes;
  }

  @Override
  public void sendSnapshot(Message.InstallSnapshot message, StateForPeer state) {
    metrics.sent(message.to(), (int) Math.min(Integer.MAX_VALUE, state.databaseBytes()));
    network.sendSnapshot(message, state);
  }

  @Override
  public long activeSince(long peer) {
    return network.activeSince(peer);
  }

  /** What the network is to tell: counted, then passed on to {@code inbox}. */
  PeerInbox inbox(PeerInbox inbox) {
    return new MeteredInbox(inbox);
  }

  private final class MeteredInbox implements PeerInbox {
    private final PeerInbox inbox;

    MeteredInbox(PeerInbox inbox) {
      this.inbox = inbox;
    }

    @Override
    public void received(Message message) {
      metrics.received(message.from(), bytes(message));
      switch (message) {
        case Message.Append append -> statistics.appendReceived(bytes(append));
        case Message.AppendAccepted accepted -> answered(accepted.from());
        case Message.AppendRejected rejected -> answered(rejected.from());
        default -> {}
      }
      inbox.received(message);
    }

    private void answered(long peer) {
      Long since = askedAt.remove(peer);
      if (since != null) {
        statistics.followerAnswered(new MemberId(peer), clock.monotonicNanos() - since);
      }
    }

    @Override
    public SnapshotReceipt receiveSnapshot(Message.InstallSnapshot message, Bytes treeJson) {
      return inbox.receiveSnapshot(message, treeJson);
    }

    @Override
    public void unreachable(long peer) {
      metrics.failed(peer);
      if (askedAt.remove(peer) != null) {
        statistics.followerFailed(new MemberId(peer));
      }
      inbox.unreachable(peer);
    }

    @Override
    public void snapshotSent(long peer, boolean delivered) {
      inbox.snapshotSent(peer, delivered);
    }
  }
}
