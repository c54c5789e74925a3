// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.raft.Input;
import io.kvorum.raft.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What carries messages, badly: it drops, delays, duplicates, reorders and parts. */
final class Network {

  private record Link(long from, long to) {}

  /** As many as wait before a real member's queues are full and it drops what comes next. */
  private static final int UNDER_WAY_MAX = 1_000;

  private final World world;
  private final Set<Link> blocked = new HashSet<>();
  private final Map<Link, Long> latest = new HashMap<>();
  private boolean perfect;
  private int underWay;

  Network(World world) {
    this.world = world;
  }

  /** Messages from {@code from} no longer reach {@code to}; the other way is untouched. */
  void block(long from, long to) {
    blocked.add(new Link(from, to));
  }

  void blockBoth(long a, long b) {
    block(a, b);
    block(b, a);
  }

  void unblockAll() {
    blocked.clear();
  }

  /** From here on nothing goes wrong any more. */
  void heal() {
    unblockAll();
    perfect = true;
  }

  boolean isPerfect() {
    return perfect;
  }

  /** {@code state} is what a snapshot message brings along. */
  void send(SimNode from, Message message, @Nullable StoreState state) {
    world.checker.leaving(from, message);
    Link link = new Link(from.id, message.to());
    if (isBlocked(link) || underWay > UNDER_WAY_MAX || chance(world.profile.dropRate())) {
      lost(from, message);
      return;
    }
    deliverLater(link, from, message, state, 0);
    // A proposal has no identity to a genuine member: twice on the wire is twice in the log.
    if (!(message instanceof Message.Proposal) && chance(world.profile.duplicateRate())) {
      world.counts.add(Count.MESSAGES_DUPLICATED);
      // Now and then the second copy comes when everybody has forgotten the first.
      long ghost = chance(0.1) ? world.random.nextLong(10 * World.SECONDS) : 0;
      deliverLater(link, from, message, state, ghost);
    }
  }

  private void deliverLater(
      Link link, SimNode from, Message message, @Nullable StoreState state, long extra) {
    long delay = extra + delay() + (state == null ? 0 : 5 * delay());
    long before = Objects.requireNonNullElse(latest.get(link), 0L);
    long arrival = world.now() + delay;
    if (arrival < before) {
      if (extra == 0 && (perfect || world.profile.ordered())) {
        arrival = before;
      } else {
        world.counts.add(Count.MESSAGES_REORDERED);
      }
    }
    if (extra == 0) {
      latest.put(link, Math.max(before, arrival));
    }
    int incarnation = from.incarnation();
    underWay++;
    world.after(arrival - world.now(), () -> deliver(link, from, incarnation, message, state));
  }

  private void deliver(
      Link link, SimNode from, int incarnation, Message message, @Nullable StoreState state) {
    underWay--;
    SimNode to = world.node(link.to);
    if (to == null || !to.isRunning() || isBlocked(link)) {
      lost(from, message);
      return;
    }
    if (to.hasRemoved(from.id)) {
      from.toldOfRemoval();
      return;
    }
    to.receive(message, state);
    if (state != null && from.incarnation() == incarnation) {
      from.later(delay(), () -> from.step(new Input.SnapshotSent(link.to, true)));
    }
  }

  private void lost(SimNode from, Message message) {
    world.counts.add(Count.MESSAGES_DROPPED);
    if (message instanceof Message.InstallSnapshot) {
      from.later(delay(), () -> from.step(new Input.SnapshotSent(message.to(), false)));
    } else if (world.random.nextInt(4) == 0) {
      from.later(delay(), () -> from.step(new Input.Unreachable(message.to())));
    }
  }

  private boolean isBlocked(Link link) {
    return !blocked.isEmpty() && blocked.contains(link);
  }

  private long delay() {
    if (perfect) {
      return 500 + world.random.nextInt(500);
    }
    long jitter = world.random.nextLong(world.profile.jitterMicros());
    long late = chance(world.profile.lateRate()) ? world.random.nextLong(4 * World.SECONDS) : 0;
    return world.profile.delayMicros() + jitter + late;
  }

  private boolean chance(double rate) {
    return !perfect && rate > 0 && world.random.nextDouble() < rate;
  }
}
