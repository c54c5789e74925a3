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
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Threads that write values, each to a key of its own, to members chosen at random, and remember
 * what was acknowledged. A write that fails or times out is of unknown fate and not tried again.
 * Safe for use by several threads.
 */
final class WriteLoad implements AutoCloseable {
  private static final int THREADS = 6;

  /** Keeps the tree small enough to be compared whole. */
  private static final Duration PAUSE = Duration.ofMillis(4);

  /** Above the members' own limit of seven seconds. */
  private static final Duration ANSWER = Duration.ofSeconds(9);

  /** A write that a member has acknowledged: its value, and its modifiedIndex. */
  record Acknowledged(String value, long index) {}

  private final Map<String, Acknowledged> acknowledged = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<Member> members;
  private volatile boolean stopping;

  WriteLoad(List<Member> members, long seed) {
    this.members = List.copyOf(members);
    Random seeds = new Random(seed);
    for (int i = 0; i < THREADS; i++) {
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
        Member member = members.get(random.nextInt(members.size()));
        put(client, member, key, value);
        Await.pause(PAUSE);
      }
    }
  }

  private void put(HttpClient client, Member member, String key, String value) {
    String authority = member.client().getHostString() + ":" + member.client().getPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + authority + "/v2/keys" + key))
            .timeout(ANSWER)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(HttpRequest.BodyPublishers.ofString("value=" + value))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 201) {
        Json node = Json.parse(response.body()).get("node").orElseThrow();
        long index = node.number("modifiedIndex").orElseThrow();
        acknowledged.put(key, new Acknowledged(value, index));
      } else if (response.statusCode() != 500 && response.statusCode() != 503) {
        throw new IllegalStateException(key + ": " + response.statusCode() + response.body());
      }
    } catch (IOException e) {
      // killed in the middle, or down: the fate of this write is unknown
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
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
