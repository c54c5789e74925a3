// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.raft.ConfChange;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Input;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Whatever goes wrong, and the operator who changes the cluster meanwhile. */
final class Nemesis {

  private static final int MEMBERS_MAX = 8;

  private final World world;
  private final SplittableRandom random;
  private boolean stopped;

  Nemesis(World world) {
    this.world = world;
    this.random = world.random;
  }

  void start() {
    world.afterAbout(world.profile.faultMeanMicros(), this::again);
  }

  private void again() {
    if (!stopped) {
      strike();
      world.afterAbout(world.profile.faultMeanMicros(), this::again);
    }
  }

  /** Ends all trouble: everything heals, everybody who may run runs. */
  void stop() {
    stopped = true;
    world.network.heal();
    for (SimNode node : world.nodes()) {
      node.setTickRate(1);
      node.pauseFor(0);
      node.start();
    }
  }

  private void strike() {
    if (random.nextDouble() < world.profile.restlessness()) {
      change();
      return;
    }
    SimNode node = random.nextInt(3) == 0 ? world.leader() : world.anyRunning();
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> crash(node);
      case 3 -> crashMany();
      case 4, 5, 6 -> part(node);
      case 7 -> pause(node);
      case 8 -> slowDown(node);
      case 9 -> changeClock();
      case 10, 11 -> transfer();
      case 12 -> campaign(node);
      case 13 -> strand();
      default -> change();
    }
  }

  /** A leader alone with its clients: its log goes a way that nobody follows. */
  private void strand() {
    SimNode leader = world.leader();
    if (leader != null) {
      isolate(leader, List.copyOf(world.nodes()), false, false);
      world.counts.add(Count.PARTITIONS);
      for (int i = random.nextInt(6); i >= 0; i--) {
        world.afterAbout(300 * World.MILLIS, () -> world.clients.write(leader, 1));
      }
      world.afterAbout(3 * World.SECONDS, world.network::unblockAll);
    }
  }

  private void crash(@Nullable SimNode node) {
    if (node != null) {
      node.crash();
      world.afterAbout(2 * World.SECONDS, node::start);
    }
  }

  private void crashMany() {
    boolean all = random.nextInt(3) == 0;
    for (SimNode node : List.copyOf(world.nodes())) {
      if (all || random.nextBoolean()) {
        crash(node);
      }
    }
    if (all) {
      world.counts.add(Count.CRASHES_OF_ALL);
    }
  }

  private void pause(@Nullable SimNode node) {
    if (node != null) {
      node.pauseFor(random.nextLong(3 * World.SECONDS));
      world.counts.add(Count.PAUSES);
    }
  }

  private void slowDown(@Nullable SimNode node) {
    if (node != null) {
      node.setDiskSlowness(random.nextBoolean() ? 1 : 1 + random.nextInt(200));
      world.counts.add(Count.SLOW_DISKS);
    }
  }

  private void changeClock() {
    world.anyNode().setTickRate(0.5 + 1.5 * random.nextDouble());
    world.counts.add(Count.CLOCK_CHANGES);
  }

  private void transfer() {
    SimNode leader = world.leader();
    SimNode target = world.anyNode();
    if (leader != null && target != leader) {
      world.counts.add(Count.TRANSFERS_ASKED);
      long term = leader.term();
      leader.step(new Input.TransferLeadership(target.id));
      world.after(
          World.SECONDS,
          () -> {
            if (target.isLeader() && target.term() == term + 1) {
              world.counts.add(Count.TRANSFERS_DONE);
            }
          });
    }
  }

  private void campaign(@Nullable SimNode node) {
    if (node != null) {
      node.step(new Input.Campaign());
    }
  }

  // --- partitions ---

  private void part(@Nullable SimNode node) {
    List<SimNode> nodes = new ArrayList<>(world.nodes());
    Collections.shuffle(nodes, new Random(random.nextLong()));
    boolean oneWay = random.nextInt(3) == 0;
    switch (random.nextInt(5)) {
      case 0 -> isolate(node == null ? nodes.get(0) : node, nodes, oneWay, random.nextBoolean());
      case 1 -> halves(nodes, oneWay);
      case 2 -> bridge(nodes);
      case 3 -> ring(nodes);
      default -> scatter(nodes);
    }
    world.counts.add(Count.PARTITIONS);
    if (oneWay) {
      world.counts.add(Count.PARTITIONS_ONE_WAY);
    }
    world.afterAbout(3 * World.SECONDS, world.network::unblockAll);
  }

  private void isolate(SimNode node, List<SimNode> nodes, boolean oneWay, boolean deaf) {
    for (SimNode other : nodes) {
      if (!oneWay || deaf) {
        world.network.block(other.id, node.id);
      }
      if (!oneWay || !deaf) {
        world.network.block(node.id, other.id);
      }
    }
  }

  private void halves(List<SimNode> nodes, boolean oneWay) {
    int cut = 1 + random.nextInt(nodes.size());
    for (int i = 0; i < cut; i++) {
      for (int j = cut; j < nodes.size(); j++) {
        world.network.block(nodes.get(i).id, nodes.get(j).id);
        if (!oneWay) {
          world.network.block(nodes.get(j).id, nodes.get(i).id);
        }
      }
    }
  }

  /** Two halves that only one node can talk to. */
  private void bridge(List<SimNode> nodes) {
    int middle = nodes.size() / 2;
    for (int i = 0; i < middle; i++) {
      for (int j = middle + 1; j < nodes.size(); j++) {
        world.network.blockBoth(nodes.get(i).id, nodes.get(j).id);
      }
    }
  }

  /** Everybody can talk to two neighbours only. */
  private void ring(List<SimNode> nodes) {
    int count = nodes.size();
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        int apart = Math.floorMod(i - j, count);
        if (apart > 1 && apart < count - 1) {
          world.network.block(nodes.get(i).id, nodes.get(j).id);
        }
      }
    }
  }

  private void scatter(List<SimNode> nodes) {
    for (SimNode from : nodes) {
      for (SimNode to : nodes) {
        if (random.nextInt(3) == 0) {
          world.network.block(from.id, to.id);
        }
      }
    }
  }

  // --- membership ---

  private void change() {
    SimNode node = world.anyRunning();
    if (node == null) {
      return;
    }
    ConfState members = node.store().confState();
    int count = members.voters().size() + members.learners().size();
    int choice = random.nextInt(10);
    if (choice == 0) {
      nonsense(node, members);
    } else if (choice < 4 && !members.learners().isEmpty()) {
      world.clients.change(node, ConfChange.Type.ADD_NODE, any(members.learners()));
    } else if (count > 3 && (count >= MEMBERS_MAX || random.nextBoolean())) {
      remove(node, members);
    } else if (count < MEMBERS_MAX) {
      ConfChange.Type type =
          random.nextInt(3) == 0 ? ConfChange.Type.ADD_NODE : ConfChange.Type.ADD_LEARNER;
      world.clients.change(node, type, world.newNodeId());
    }
  }

  private void remove(SimNode node, ConfState members) {
    List<Long> all = new ArrayList<>(members.voters());
    all.addAll(members.learners());
    SimNode leader = random.nextInt(4) == 0 ? world.leader() : null;
    world.clients.change(node, ConfChange.Type.REMOVE_NODE, leader == null ? any(all) : leader.id);
  }

  /** Changes that the state machines must refuse: they reach the core as changes about nobody. */
  private void nonsense(SimNode node, ConfState members) {
    ConfChange.Type[] types = ConfChange.Type.values();
    boolean known = !members.voters().isEmpty() && random.nextBoolean();
    ConfChange.Type type =
        known
            ? (random.nextBoolean() ? ConfChange.Type.ADD_NODE : ConfChange.Type.ADD_LEARNER)
            : ConfChange.Type.REMOVE_NODE;
    long about = known ? any(members.voters()) : world.newNodeId();
    world.clients.change(node, random.nextInt(5) == 0 ? types[2] : type, about);
  }

  private long any(List<Long> ids) {
    return ids.get(random.nextInt(ids.size()));
  }
}
