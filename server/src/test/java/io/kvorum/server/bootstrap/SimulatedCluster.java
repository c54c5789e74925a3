// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.env.VirtualWorld;
import io.kvorum.raft.Entry;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.consensus.AppliedListener.Answer;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import io.kvorum.server.member.Membership;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Whole members in one thread on virtual time, and what is known about them from outside: who is
 * up, whose disk is being tampered with, who was removed.
 *
 * <p>A member ends by itself only for a fault that was injected into it; any other failure ends the
 * run, as does everything the {@link Witness} objects to.
 */
final class SimulatedCluster {

  /** Who wants to know that a member is gone, with all requests that were under way there. */
  interface Mourner {
    void gone(SimulatedMember.Running incarnation);
  }

  private static final String TOKEN = "simulation";

  private final VirtualWorld world;
  private final RandomGenerator random;
  private final SimulatedNetwork network;
  private final Tally tally;
  private final Witness witness;
  private final Map<Long, SimulatedMember> members = new TreeMap<>();
  private final Set<Long> tampered = new HashSet<>();
  private final Set<Long> damaged = new HashSet<>();
  private final Set<Long> lost = new HashSet<>();
  private final List<Mourner> mourners = new ArrayList<>();
  private final MemberId clusterId;
  private int named;
  private boolean begun;

  SimulatedCluster(VirtualWorld world, RandomGenerator random, Tally tally, int size) {
    this.world = world;
    this.random = random;
    this.tally = tally;
    witness = new Witness(tally);
    network = new SimulatedNetwork(world, random);
    List<Member> founders = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<String> urls = nextUrls();
      founders.add(
          new Member(MemberIds.atBootstrap(urls, TOKEN), "m" + named, urls, List.of(), false));
    }
    founders.sort(Comparator.comparing(Member::id));
    clusterId = MemberIds.ofCluster(founders.stream().map(Member::id).toList());
    founders.forEach(founder -> join(new Identity(founder.id(), clusterId, founders)));
    world.afterEach(this::look);
  }

  /** Peer URLs that no member had before. */
  List<String> nextUrls() {
    named++;
    return List.of("http://10.0." + named / 250 + "." + (1 + named % 250) + ":2380");
  }

  /** What each revision of the v3 keyspace changed, as members saw it. */
  NavigableMap<Long, List<KeyEvent>> changes() {
    return witness.changes();
  }

  /** A member on a new disk; it is not started. */
  SimulatedMember join(Identity identity) {
    long id = identity.member().value();
    SimulatedMember member =
        new SimulatedMember(world, random, identity, network.of(id), new Watched(id));
    members.put(id, member);
    network.join(member);
    return member;
  }

  SimulatedMember joinExisting(MemberId id) {
    return join(new Identity(id, clusterId, List.of()));
  }

  void startAll() {
    begun = true;
    members().stream()
        .filter(member -> !member.isRunning() && !lost.contains(member.id()))
        .forEach(this::start);
  }

  /** Starts a member; one whose disk was tampered with may refuse, and is of no more use then. */
  void start(SimulatedMember member) {
    try {
      member.start();
    } catch (StartFailure refused) {
      if (!damaged.contains(member.id())) {
        throw refused;
      }
      tally.count("starts refused on a damaged disk");
      lost.add(member.id());
    }
  }

  void crash(SimulatedMember member) {
    SimulatedMember.Running incarnation = member.running();
    member.crash();
    mourners.forEach(mourner -> mourner.gone(incarnation));
  }

  /** The disk of {@code member} is about to fail: what comes of it is no fault of the member. */
  void tamper(SimulatedMember member) {
    tampered.add(member.id());
  }

  boolean isVoter(SimulatedMember member) {
    Member known = membership().get(new MemberId(member.id()));
    return known != null && !known.learner();
  }

  /** Those whose disk is of no more use. */
  List<SimulatedMember> lost() {
    return members().stream().filter(member -> lost.contains(member.id())).toList();
  }

  /** Something in this member's log is not as it was written, which it may notice late. */
  void damage(SimulatedMember member) {
    tamper(member);
    damaged.add(member.id());
  }

  boolean isAnyDamaged() {
    return members.keySet().stream().anyMatch(damaged::contains);
  }

  boolean isAnyLost() {
    return !lost().isEmpty();
  }

  /** Members that were never let in, or were removed while they were down. */
  void retireOutsiders() {
    Set<MemberId> inside = membership().keySet();
    members().stream()
        .filter(member -> !inside.contains(new MemberId(member.id())))
        .forEach(this::retire);
  }

  /** What the member that is up and furthest on knows of the membership; empty if all are down. */
  Map<MemberId, Member> membership() {
    return members().stream()
        .filter(SimulatedMember::isRunning)
        .max(Comparator.comparing(SimulatedMember::position))
        .map(member -> member.running().storage().stores().members().current().members())
        .map(Map::copyOf)
        .orElse(Map.of());
  }

  /** How many voters may be taken away before fewer than three good ones are left. */
  long votersToSpare() {
    return membership().values().stream()
            .filter(member -> !member.learner() && !lost.contains(member.id().value()))
            .filter(member -> members.containsKey(member.id().value()))
            .count()
        - 3;
  }

  void retire(SimulatedMember member) {
    if (member.isRunning()) {
      crash(member);
    }
    members.remove(member.id());
    network.leave(member.id());
  }

  void mourn(Mourner mourner) {
    mourners.add(mourner);
  }

  /** All that were not retired, by id. */
  List<SimulatedMember> members() {
    return List.copyOf(members.values());
  }

  SimulatedMember any() {
    List<SimulatedMember> all = members();
    return all.get(random.nextInt(all.size()));
  }

  SimulatedNetwork network() {
    return network;
  }

  VirtualWorld world() {
    return world;
  }

  RandomGenerator random() {
    return random;
  }

  Tally tally() {
    return tally;
  }

  private void look() {
    if (begun) {
      members.forEach(
          (id, member) -> {
            if (member.isRunning()) {
              witness.look(id, member.running().consensus().facts());
            }
          });
    }
  }

  /** Compares the states of all members that are up. */
  void compareStates() {
    members.forEach((id, member) -> witness.state(id, member.position(), member.state()));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    members.forEach(
        (id, member) -> {
          text.append("%n%x at %d".formatted(id, member.position()));
          text.append(lost.contains(id) ? ", lost" : "");
          if (member.isRunning()) {
            ConsensusFacts facts = member.running().consensus().facts();
            text.append(
                ", %s of term %d, leader %s, members %s"
                    .formatted(
                        facts.role(),
                        facts.term(),
                        facts.leader(),
                        member.running().storage().stores().members().current().members()));
          }
        });
    return text.toString();
  }

  private final class Watched implements SimulatedMember.Observer {
    private final long id;

    Watched(long id) {
      this.id = id;
    }

    @Override
    public void committed(List<Entry> entries) {
      witness.committed(id, entries);
    }

    @Override
    public void answered(List<Answer> answers) {
      witness.answered(id, answers);
    }

    @Override
    public void membership(Membership membership) {
      SimulatedMember member = members.get(id);
      if (member != null && membership.removed().contains(membership.localId())) {
        tally.count("members that saw their removal");
        // Not at once: the others learn of it from this member too.
        world.after(
            500_000_000,
            () -> {
              if (members.get(id) == member) {
                retire(member);
              }
            });
      }
    }

    @Override
    public void changed(List<KeyEvent> events) {
      witness.changed(id, events);
    }

    @Override
    public void flushed() {
      SimulatedMember member = members.get(id);
      if (member != null && member.isRunning()) {
        witness.state(id, member.position(), member.state());
      }
    }

    @Override
    public void failed(Throwable cause) {
      if (!tampered.contains(id)) {
        throw new IllegalStateException("member %x gave up".formatted(id), cause);
      }
      tally.count("members that gave up on a bad disk");
      SimulatedMember member = members.get(id);
      if (member != null && member.isRunning()) {
        SimulatedMember.Running incarnation = member.running();
        world.after(
            0,
            () -> {
              if (member.isRunning() && member.running() == incarnation) {
                crash(member);
              }
            });
      }
    }
  }
}
