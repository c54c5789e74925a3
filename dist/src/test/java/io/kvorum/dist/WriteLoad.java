// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Threads that write values, each to a key of its own, to members chosen at random, and remember
 * what was acknowledged. A write that fails or times out is of unknown fate and not tried again.
 * Safe for use by several threads.
 */
final class WriteLoad implements AutoCloseable {
  /** The pause keeps the tree small enough to be compared whole. */
  private static final Pace STEADY = new Pace(6, Duration.ofMillis(4), V2.ANSWER);

  /** By then an answer carries the term that a failure was due to. */
  private static final Duration SETTLED = Duration.ofMillis(500);

  /**
   * How fast it goes.
   *
   * @param threads that write side by side
   * @param pause of a thread between two writes
   * @param patience for an answer; when it is below the members' own seven seconds, what was
   *     forwarded to a leader that died does not hold the load up
   */
  record Pace(int threads, Duration pause, Duration patience) {}

  /** A write that a member has acknowledged: its value, and its modifiedIndex. */
  record Acknowledged(String value, long index) {}

  /** A write that was not acknowledged: when it was under way, and why not. */
  private record Failure(long begun, long ended, String why) {}

  /** A member that is written to, and how many of its answers are awaited. */
  private record Target(Member member, AtomicInteger inHand) {}

  private final Map<String, Acknowledged> acknowledged = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Long, Long> termsByTime = new ConcurrentSkipListMap<>();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final List<Target> targets = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Pace pace;
  private volatile boolean stopping;

  WriteLoad(List<Member> members, long seed) {
    this(members, seed, STEADY);
  }

  /** Starts at once. */
  WriteLoad(List<Member> members, long seed, Pace pace) {
    this.pace = pace;
    members.forEach(this::admit);
    Random seeds = new Random(seed);
    for (int i = 0; i < pace.threads(); i++) {
      String folder = "/load/" + i;
      Random random = new Random(seeds.nextLong());
      threads.add(Thread.ofPlatform().name("load-" + i).start(() -> write(folder, random)));
    }
  }

  private void write(String folder, Random random) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build()) {
      for (int n = 0; !stopping; n++) {
        String key = folder + "/" + n;
        String value = Long.toHexString(random.nextLong());
        Target target = take(random);
        try {
          put(client, target.member(), key, value);
        } finally {
          target.inHand().decrementAndGet();
        }
        Await.pause(pace.pause());
      }
    }
  }

  private synchronized Target take(Random random) {
    Target target = targets.get(random.nextInt(targets.size()));
    target.inHand().incrementAndGet();
    return target;
  }

  private void put(HttpClient client, Member member, String key, String value) {
    String authority = member.client().getHostString() + ":" + member.client().getPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + authority + "/v2/keys" + key))
            .timeout(pace.patience())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(HttpRequest.BodyPublishers.ofString("value=" + value))
            .build();
    long begun = System.nanoTime();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 201) {
        Json node = Json.parse(response.body()).get("node").orElseThrow();
        long index = node.number("modifiedIndex").orElseThrow();
        acknowledged.put(key, new Acknowledged(value, index));
        long term = response.headers().firstValueAsLong("X-Raft-Term").orElseThrow();
        termsByTime.put(System.nanoTime(), term);
      } else {
        String why = "%s at %s: %d %s";
        why = why.formatted(key, member.name(), response.statusCode(), response.body().strip());
        failures.add(new Failure(begun, System.nanoTime(), why));
      }
    } catch (IOException e) {
      // killed in the middle, or down: the fate of this write is unknown
      String why = "%s at %s: %s".formatted(key, member.name(), e);
      failures.add(new Failure(begun, System.nanoTime(), why));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }

  /** From now on that member gets its share. */
  void admit(Member member) {
    targets.add(new Target(member, new AtomicInteger()));
  }

  /** Writes no more to that member; returns when it has answered what it was asked. */
  void retire(Member member) {
    Target gone;
    synchronized (this) {
      gone = targets.stream().filter(t -> t.member() == member).findFirst().orElseThrow();
      targets.remove(gone);
    }
    Await.require("answers of " + member.name(), pace.patience(), () -> gone.inHand().get() == 0);
  }

  /**
   * The writes that failed although nothing happened to the leader: between the last
   * acknowledgement before and one a little later the term did not change.
   */
  List<String> failuresWithoutLeaderChange() {
    return failures.stream().filter(f -> !leaderChangedAround(f)).map(Failure::why).toList();
  }

  private boolean leaderChangedAround(Failure failure) {
    Map.Entry<Long, Long> before = termsByTime.floorEntry(failure.begun());
    Map.Entry<Long, Long> after = termsByTime.ceilingEntry(failure.ended() + SETTLED.toNanos());
    return before == null || after == null || after.getValue() > before.getValue();
  }

  /** All failures by their texts, keys left out: how many of each. */
  Map<String, Long> failures() {
    return failures.stream()
        .collect(
            Collectors.groupingBy(
                f -> f.why().substring(f.why().indexOf(" at ") + 4),
                TreeMap::new,
                Collectors.counting()));
  }

  /** How many writes are acknowledged. */
  int count() {
    return acknowledged.size();
  }

  /** Waits until writes are acknowledged again. */
  void awaitProgress() {
    int before = acknowledged.size();
    Await.require(
        "writes are acknowledged", Duration.ofSeconds(30), () -> acknowledged.size() > before + 20);
  }

  /** Ends the load; what was acknowledged, by key. */
  Map<String, Acknowledged> stop() {
    close();
    return Map.copyOf(acknowledged);
  }

  @Override
  public void close() {
    stopping = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
