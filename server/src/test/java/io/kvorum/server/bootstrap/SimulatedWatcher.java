// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.env.VirtualWorld;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.watch.Subscription;
import io.kvorum.server.watch.TreeWatches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client that watches everything, asking another member for what follows its last event when one
 * loses power or ends the watch. Where the history no longer reaches back, it reads and goes on
 * behind what it read.
 */
final class SimulatedWatcher {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
  private static final int POLLS_A_LOOK = 4;
  private static final Bytes USER_KEYS = Bytes.utf8("/1");

  private record Gap(long from, long to) {}

  /** A watch at one incarnation of a member. */
  private record Watch(SimulatedMember.Running member, Subscription subscription) {}

  private final VirtualWorld world;
  private final RandomGenerator random;
  private final List<SimulatedMember> members;
  private final boolean stream;
  private final Map<Long, String> keysByIndex = new TreeMap<>();
  private final List<Gap> gaps = new ArrayList<>();
  private @Nullable Watch watch;
  private boolean ready;
  private long next = 1;

  SimulatedWatcher(
      VirtualWorld world, RandomGenerator random, List<SimulatedMember> members, boolean stream) {
    this.world = world;
    this.random = random;
    this.members = members;
    this.stream = stream;
  }

  /** Looks from now on, for ever. */
  void start() {
    world.after(
        BETWEEN_LOOKS.toNanos(),
        () -> {
          look();
          start();
        });
  }

  private void look() {
    if (watch != null && ready && !hasEnded()) {
      ready = false;
      drain(watch.subscription());
    }
    // A long poll brings one event, and there may be more of them than looks.
    for (int polls = 0; polls < POLLS_A_LOOK && hasEnded(); polls++) {
      begin();
    }
  }

  private boolean hasEnded() {
    Watch now = watch;
    return now == null || !isUp(now.member()) || now.subscription().hasEnded();
  }

  private boolean isUp(SimulatedMember.Running incarnation) {
    return members.stream().anyMatch(m -> m.isRunning() && m.running() == incarnation);
  }

  private void begin() {
    watch = null;
    SimulatedMember member = members.get(random.nextInt(members.size()));
    if (!member.isRunning()) {
      return;
    }
    SimulatedMember.Running running = member.running();
    switch (running.watches().watch(USER_KEYS, true, stream, next, () -> ready = true)) {
      case TreeWatches.Start.Watching(var subscription) -> {
        watch = new Watch(running, subscription);
        drain(subscription);
      }
      case TreeWatches.Start.Refused refused -> {
        long read = running.storage().stores().tree().view().index();
        gaps.add(new Gap(next, read));
        next = read + 1;
      }
    }
  }

  private void drain(Subscription subscription) {
    for (Optional<TreeEvent> event = subscription.poll();
        event.isPresent();
        event = subscription.poll()) {
      long index = event.get().index();
      assertTrue(index >= next, "event " + index + " where " + next + " is the lowest due");
      keysByIndex.put(index, event.get().node().key().utf8());
      next = index + 1;
    }
  }

  /** Every write that is there was seen, as it is, but for what was announced as missed. */
  void judge(Map<String, Long> written) {
    Map<Long, String> expected = new TreeMap<>();
    written.forEach((key, index) -> expected.put(index, key));
    expected.forEach(
        (index, key) -> {
          boolean missed = gaps.stream().anyMatch(g -> g.from() <= index && index <= g.to());
          if (!missed) {
            assertEquals(key, keysByIndex.get(index), "event " + index);
          }
        });
    keysByIndex.forEach((index, key) -> assertEquals(expected.get(index), key, "event " + index));
  }

  int seen() {
    return keysByIndex.size();
  }

  int gaps() {
    return gaps.size();
  }
}
