// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.VirtualWorld;
import io.kvorum.raft.Message;
import io.kvorum.server.consensus.PeerTransport;
import io.kvorum.server.consensus.SnapshotReceipt;
import io.kvorum.server.consensus.StateForPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A network that loses, delays, repeats (all but proposals) and is cut, as a seed decides. */
final class SimulatedNetwork {

  private static final int DELAY_NANOS_MAX = 3_000_000;
  private static final int LOSS_ONE_IN = 60;
  private static final int REPEAT_ONE_IN = 60;

  private record Link(long from, long to) {}

  private final VirtualWorld world;
  private final RandomGenerator random;
  private final Map<Long, SimulatedMember> members = new TreeMap<>();
  private final Set<Link> cut = new HashSet<>();
  private boolean calm;
  private long snapshots;

  SimulatedNetwork(VirtualWorld world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  void join(SimulatedMember member) {
    members.put(member.id(), member);
  }

  void leave(long id) {
    members.remove(id);
  }

  /** Cuts one direction between two members, or heals everything at once. */
  void cutSomething() {
    List<Long> ids = List.copyOf(members.keySet());
    long from = ids.get(random.nextInt(ids.size()));
    long to = ids.get(random.nextInt(ids.size()));
    cut.add(new Link(from, to));
    if (random.nextBoolean()) {
      cut.add(new Link(to, from));
    }
  }

  void heal() {
    cut.clear();
  }

  /** From now on nothing is lost or repeated. */
  void calmDown() {
    heal();
    calm = true;
  }

  long snapshotsDelivered() {
    return snapshots;
  }

  PeerTransport of(long from) {
    return new PeerTransport() {
      @Override
      public void send(List<Message> messages) {
        messages.forEach(message -> post(from, message));
      }

      @Override
      public void sendSnapshot(Message.InstallSnapshot message, StateForPeer state) {
        carry(from, message, state);
      }

      @Override
      public long activeSince(long peer) {
        SimulatedMember member = members.get(peer);
        return member != null && member.isRunning() && !cut.contains(new Link(peer, from)) ? 0 : -1;
      }
    };
  }

  private void post(long from, Message message) {
    if (!calm && random.nextInt(LOSS_ONE_IN) == 0) {
      return;
    }
    deliver(from, message);
    if (!calm && !(message instanceof Message.Proposal) && random.nextInt(REPEAT_ONE_IN) == 0) {
      deliver(from, message);
    }
  }

  private void deliver(long from, Message message) {
    world.after(
        random.nextInt(DELAY_NANOS_MAX),
        () -> {
          SimulatedMember receiver = reachable(from, message.to());
          if (receiver != null) {
            receiver.running().consensus().peerInbox().received(message);
          } else {
            SimulatedMember sender = members.get(from);
            if (sender != null && sender.isRunning()) {
              sender.running().consensus().peerInbox().unreachable(message.to());
            }
          }
        });
  }

  private void carry(long from, Message.InstallSnapshot message, StateForPeer state) {
    world.after(
        10L * random.nextInt(DELAY_NANOS_MAX),
        () -> {
          SimulatedMember receiver = reachable(from, message.to());
          boolean delivered = receiver != null && handOver(message, state, receiver);
          state.close();
          snapshots += delivered ? 1 : 0;
          SimulatedMember sender = members.get(from);
          if (sender != null && sender.isRunning()) {
            sender.running().consensus().peerInbox().snapshotSent(message.to(), delivered);
          }
        });
  }

  private static boolean handOver(
      Message.InstallSnapshot message, StateForPeer state, SimulatedMember receiver) {
    SnapshotReceipt receipt =
        receiver.running().consensus().peerInbox().receiveSnapshot(message, state.treeJson());
    try {
      state.writeDatabase(receipt::write);
      return receipt.finish();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private @Nullable SimulatedMember reachable(long from, long to) {
    SimulatedMember receiver = members.get(to);
    return receiver != null && receiver.isRunning() && !cut.contains(new Link(from, to))
        ? receiver
        : null;
  }
}
