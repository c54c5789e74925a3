// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What is done to a cluster under load, one thing after the other, drawn like cards from a shuffled
 * deck, so that each kind comes before any comes twice. Each ends with everything well again. Used
 * by one thread.
 */
final class Faults {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** What can be done. */
  enum Kind {
    KILL,
    KILL_ALL,
    PAUSE,
    CUT_ONE_WAY,
    ISOLATE,
    CUT_EACH_FROM_EACH,
    LOSE_PACKETS,
    REPEAT_PACKETS,
    SLOW_LINK,
    CLOCK_JUMP,
    DISK_FULL,
    DISK_STANDS_STILL,
    LEADER_STOPS,
    CUT_AND_KILL,
    REPLACE,
    CORRUPT_LOG
  }

  private final FaultCluster cluster;
  private final Random random;
  private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
  private final List<Kind> deck = new ArrayList<>();
  private int ended;

  Faults(FaultCluster cluster, Random random) {
    this.cluster = cluster;
    this.random = random;
  }

  /** Does the next one; what it was. */
  Kind next() {
    if (deck.isEmpty()) {
      deck.addAll(possible());
      Collections.shuffle(deck, random);
    }
    Kind kind = deck.remove(0);
    play(kind);
    done.merge(kind, 1, Integer::sum);
    return kind;
  }

  /** Which kinds never came though they could. */
  List<Kind> missing() {
    return possible().stream().filter(kind -> !done.containsKey(kind)).toList();
  }

  /** Without hosts and disks of their own, only what can be done to processes and files. */
  private List<Kind> possible() {
    boolean clocks = IntStream.rangeClosed(1, cluster.size()).anyMatch(cluster::hasClock);
    return java.util.Arrays.stream(Kind.values())
        .filter(kind -> cluster.network().isReal() || !needsHosts(kind))
        .filter(kind -> clocks || kind != Kind.CLOCK_JUMP)
        .toList();
  }

  private static boolean needsHosts(Kind kind) {
    return switch (kind) {
      case CUT_ONE_WAY,
          ISOLATE,
          CUT_EACH_FROM_EACH,
          LOSE_PACKETS,
          REPEAT_PACKETS,
          SLOW_LINK,
          DISK_FULL,
          DISK_STANDS_STILL,
          CUT_AND_KILL ->
          true;
      case KILL, KILL_ALL, PAUSE, CLOCK_JUMP, LEADER_STOPS, REPLACE, CORRUPT_LOG -> false;
    };
  }

  @Override
  public String toString() {
    return done + ", members that a full disk ended: " + ended;
  }

  private void play(Kind kind) {
    int victim = draw(number -> true);
    Member member = cluster.member(victim);
    switch (kind) {
      case KILL -> {
        member.stop(Signal.KILL);
        pause(2_000);
      }
      case KILL_ALL -> {
        cluster.members().forEach(each -> each.stop(Signal.KILL));
        pause(1_000);
      }
      case PAUSE -> {
        member.signal(Signal.STOP);
        pause(5_000);
        member.signal(Signal.CONT);
      }
      case CUT_ONE_WAY -> cut(() -> cluster.network().cut(victim, other(victim)));
      case ISOLATE -> cut(() -> cluster.network().isolate(victim));
      case CUT_EACH_FROM_EACH ->
          cut(() -> IntStream.range(1, cluster.size()).forEach(cluster.network()::isolate));
      case LOSE_PACKETS -> cut(() -> cluster.network().lose(victim, 5 + random.nextInt(40)));
      case REPEAT_PACKETS -> cut(() -> cluster.network().repeat(victim, other(victim)));
      case SLOW_LINK -> cut(() -> cluster.network().slow(victim));
      case CLOCK_JUMP -> jump();
      case DISK_FULL -> full(victim);
      case DISK_STANDS_STILL -> standStill(victim);
      case LEADER_STOPS -> cluster.leader().ifPresent(this::stopGently);
      case CUT_AND_KILL ->
          cut(
              () -> {
                cluster.network().isolate(victim);
                cluster.member(other(victim)).stop(Signal.KILL);
              });
      case REPLACE -> cluster.replace(victim);
      case CORRUPT_LOG -> corrupt(draw(cluster::isOurs));
    }
    cluster.recover();
  }

  private void cut(Runnable fault) {
    try {
      fault.run();
      pause(5_000);
    } finally {
      cluster.network().heal();
    }
  }

  /** Ahead, or behind; some jumps stay. */
  private void jump() {
    int victim = draw(cluster::hasClock);
    cluster.setClock(victim, Duration.ofSeconds(random.nextInt(7_200) - 3_600));
    pause(3_000);
    if (random.nextBoolean()) {
      cluster.setClock(victim, Duration.ZERO);
    }
  }

  /** Values of 100 KB find the end soon; the member stops, or goes on when there is room. */
  private void full(int victim) {
    Member member = cluster.member(victim);
    Member other = cluster.member(other(victim));
    cluster.disk(victim).fill();
    try {
      String form = "value=" + "x".repeat(100_000);
      for (int i = 0; i < 120 && member.isAlive(); i++) {
        try {
          V2.exchange(
              other, "PUT", "/v2/keys/large", List.of(V2.FORM), form, HistoryClients.PATIENCE);
        } catch (IOException e) {
          Await.pause(Duration.ofMillis(100)); // the one that is full may lead
        }
      }
      ended += member.isAlive() ? 0 : 1;
    } finally {
      cluster.disk(victim).relieve();
    }
    Await.until(Duration.ofSeconds(2), () -> !member.isAlive());
  }

  private void standStill(int victim) {
    for (int i = 2 + random.nextInt(5); i > 0; i--) {
      cluster.disk(victim).freeze();
      try {
        pause(1_500);
      } finally {
        cluster.disk(victim).thaw();
      }
      pause(300);
    }
  }

  /** It hands over what it leads. */
  private void stopGently(int leader) {
    cluster.member(leader).stop(Signal.TERM);
  }

  /** A member must not go on with a damaged log; without it, it comes back as a new one. */
  private void corrupt(int victim) {
    Member member = cluster.member(victim);
    member.stop(Signal.KILL);
    cluster.disk(victim).corruptLog();
    member.start();
    int status =
        member
            .awaitExit(PATIENCE)
            .orElseThrow(() -> new AssertionError("goes on with it: " + member.story()));
    if (status != 1 || !member.log().contains("checksum")) {
      throw new AssertionError("status " + status + ": " + member.story());
    }
    cluster.replace(victim);
  }

  private int other(int victim) {
    return draw(number -> number != victim);
  }

  private int draw(IntPredicate fit) {
    int[] all = IntStream.rangeClosed(1, cluster.size()).filter(fit).toArray();
    return all[random.nextInt(all.length)];
  }

  private void pause(int millisMax) {
    Await.pause(Duration.ofMillis(millisMax / 5 + random.nextInt(millisMax)));
  }
}
