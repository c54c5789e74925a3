// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.MemberId;
import io.kvorum.env.VirtualWorld;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.member.Membership;
import io.kvorum.server.request.BackgroundWork;
import io.kvorum.server.request.StoreSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Compactions that nobody asked for, and the alarm of a member that is full, on virtual time. */
class CompactionDutyTest {

  private static final MemberId SELF = new MemberId(1);

  private final VirtualWorld world = new VirtualWorld(new SplittableRandom(1), 1_000_000);
  private final VirtualWorld.Machine machine = world.new Machine();
  private final List<Command> submitted = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private MemberId leader = SELF;
  private boolean failing;
  private final BackgroundWork work =
      new BackgroundWork(
          this::propose,
          new Facts(),
          () -> new Membership(new MemberId(9), SELF, new TreeMap<>(), Set.of(), Optional.empty()));

  /** One revision a second. */
  @Test
  void whatIsOlderThanAnHourGoesEveryHour() {
    byAge(Duration.ofHours(1));
    world.run(Duration.ofMinutes(59));
    assertEquals(List.of(), done);
    world.run(Duration.ofMinutes(62));
    assertEquals(List.of("3600: 1", "7200: 3601"), done);
  }

  @Test
  void whatIsOlderThanADayGoesEveryHourToo() {
    byAge(Duration.ofHours(24));
    world.run(Duration.ofHours(24).minusMinutes(1));
    assertEquals(List.of(), done);
    world.run(Duration.ofHours(3));
    assertEquals(3, done.size(), done.toString());
  }

  @Test
  void aFollowerOnlyTakesNotesAndANewLeaderGoesOn() {
    leader = new MemberId(2);
    byAge(Duration.ofMinutes(10));
    world.run(Duration.ofMinutes(35));
    assertEquals(List.of(), done);
    leader = SELF;
    world.run(Duration.ofMinutes(1));
    assertEquals(1, done.size());
    assertEquals(1500.0, compacted(0), 61, "35 to 36 minutes, less ten");
  }

  @Test
  void aCompactionThatFailsIsTriedAgainSoon() {
    byAge(Duration.ofMinutes(10));
    failing = true;
    world.run(Duration.ofMinutes(14));
    assertEquals(List.of(), done);
    failing = false;
    world.run(Duration.ofMinutes(1));
    assertEquals(1, done.size());
  }

  @Test
  void onlySoManyRevisionsAreKept() {
    CompactionDuty.byCount(work, this::revision, 1000).start(machine);
    world.run(Duration.ofMinutes(5));
    assertEquals(List.of(), done, "300 revisions");
    world.run(Duration.ofMinutes(20));
    assertEquals(List.of("1200: 201", "1500: 501"), done);
  }

  @Test
  void aFullMemberSaysSoOnceAndAgainOnlyWhenTheDataHaveGrownSince() {
    List<Alarm> alarms = new ArrayList<>();
    long[] size = {50};
    new SpaceDuty(work, sizeOf(size), () -> alarms).start(machine);
    world.run(Duration.ofSeconds(2));
    assertEquals(List.of(), submitted);
    size[0] = 100;
    failing = true;
    world.run(Duration.ofMillis(1_200));
    failing = false;
    submitted.clear();
    world.run(Duration.ofSeconds(3));
    assertEquals(
        List.of(V3Request.of(AlarmCommand.raise(new Alarm(1, AlarmCommand.NO_SPACE)))), submitted);
    submitted.clear();
    size[0] = 90;
    world.run(Duration.ofSeconds(2));
    size[0] = 101;
    alarms.add(new Alarm(1, AlarmCommand.NO_SPACE));
    world.run(Duration.ofSeconds(2));
    assertEquals(List.of(), submitted, "it stands already");
    alarms.clear();
    world.run(Duration.ofSeconds(2));
    assertEquals(List.of(), submitted, "somebody ended it, nothing has grown");
    size[0] = 102;
    world.run(Duration.ofSeconds(2));
    assertEquals(1, submitted.size());
  }

  private static StoreSize sizeOf(long[] size) {
    return new StoreSize() {
      @Override
      public long total() {
        return size[0];
      }

      @Override
      public long inUse() {
        return size[0];
      }

      @Override
      public long quota() {
        return 100;
      }
    };
  }

  private void byAge(Duration age) {
    CompactionDuty.byAge(work, this::revision, world, age).start(machine);
  }

  private long revision() {
    return 1 + seconds();
  }

  private long seconds() {
    return Duration.ofNanos(world.monotonicNanos()).toSeconds();
  }

  private double compacted(int number) {
    String line = done.get(number);
    return Double.parseDouble(line.substring(line.indexOf(' ')));
  }

  private CompletableFuture<Proposals.Applied> propose(Command command) {
    submitted.add(command);
    if (failing) {
      return CompletableFuture.failedFuture(new IllegalStateException("no leader"));
    }
    if (command instanceof V3Request(var requester, Compact compact)) {
      done.add(seconds() + ": " + compact.revision());
    }
    return CompletableFuture.completedFuture(new Proposals.Applied(new Outcome.Done(), 5, 1));
  }

  private final class Facts implements ConsensusFacts {
    @Override
    public MemberId leader() {
      return leader;
    }

    @Override
    public Role role() {
      return Role.FOLLOWER;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public long appliedIndex() {
      return 5;
    }

    @Override
    public long committedIndex() {
      return 5;
    }
  }
}
