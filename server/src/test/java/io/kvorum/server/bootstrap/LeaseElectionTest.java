// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.MemberId;
import io.kvorum.env.VirtualWorld;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.lease.Renewal;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Elections while a lease lasts, with whole members on virtual time that lose power. */
class LeaseElectionTest {

  private static final long ID = 7;
  private static final long TTL_SECONDS = 2_000;

  /** How long after a checkpoint each leader loses power: what it counted since is counted anew. */
  private static final long AFTER_CHECKPOINT_SECONDS = 20;

  private final SplittableRandom random = new SplittableRandom(Long.getLong("seed", 1));
  private final VirtualWorld world = new VirtualWorld(random, 1_800_000_000_000_000_000L);
  private final SimulatedNetwork network = new SimulatedNetwork(world, random);
  private final List<SimulatedMember> members = new ArrayList<>();

  private void start() {
    List<Member> founders = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      List<String> urls = List.of("http://10.0.0." + i + ":2380");
      founders.add(
          new Member(MemberIds.atBootstrap(urls, "lease"), "m" + i, urls, List.of(), false));
    }
    founders.sort(Comparator.comparing(Member::id));
    MemberId cluster = MemberIds.ofCluster(founders.stream().map(Member::id).toList());
    for (Member founder : founders) {
      SimulatedMember member =
          new SimulatedMember(
              world,
              random,
              new Identity(founder.id(), cluster, founders),
              network.of(founder.id().value()));
      members.add(member);
      network.join(member);
    }
    network.calmDown();
    members.forEach(SimulatedMember::start);
    run(5);
  }

  private void run(long seconds) {
    world.run(Duration.ofSeconds(seconds));
  }

  private SimulatedMember leader() {
    return members.stream()
        .filter(
            one ->
                one.isRunning() && one.running().consensus().facts().leader().value() == one.id())
        .findFirst()
        .orElseThrow();
  }

  private void propose(Command command) {
    CompletableFuture<Applied> applied =
        leader().running().consensus().proposals().propose(command);
    run(1);
    assertFalse(applied.join().outcome() instanceof Outcome.Refused);
  }

  private boolean stands() {
    return leader().running().storage().stores().leases().find(ID).isPresent();
  }

  /** The leader loses power and comes back, after another one was elected. */
  private void election() {
    SimulatedMember old = leader();
    old.crash();
    run(8);
    assertTrue(leader() != old);
    old.start();
    run(2);
  }

  @Test
  void electionsNeitherResetNorShortenATime() {
    start();
    propose(new MemberCommand.SetClusterVersion("3.4.0"));
    propose(V3Request.of(new LeaseCommand.Grant(ID, TTL_SECONDS)));
    long granted = world.monotonicNanos();
    for (int leaders = 1; leaders <= 5; leaders++) {
      run(300 + AFTER_CHECKPOINT_SECONDS);
      assertTrue(stands());
      election();
    }
    while (stands()) {
      run(5);
    }
    long lasted = Duration.ofNanos(world.monotonicNanos() - granted).toSeconds();
    assertTrue(lasted >= TTL_SECONDS - 1, lasted + " s, less than granted");
    // Counted anew: a little behind each checkpoint, the election, its patience.
    long longest = TTL_SECONDS + 5 * (AFTER_CHECKPOINT_SECONDS + 20);
    assertTrue(lasted <= longest, lasted + " s, more than " + longest);
  }

  @Test
  void aRenewalThatWasAnsweredHoldsUnderTheNextLeader() {
    start();
    propose(new MemberCommand.SetClusterVersion("3.4.0"));
    propose(V3Request.of(new LeaseCommand.Grant(ID, TTL_SECONDS)));
    // Nearly over, and written down as nearly over.
    run(1_900);
    CompletableFuture<Renewal> renewal = leader().running().lessor().renew(ID);
    run(1);
    assertEquals(new Renewal.Renewed(TTL_SECONDS), renewal.join());
    election();
    run(1_900);
    assertTrue(stands(), "the next leader went on from what was written down before");
    run(150);
    assertFalse(stands());
  }
}
