// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One thread that sets and deletes one key, again and again, and remembers each that worked. */
final class FlipLoad implements AutoCloseable {
  static final String KEY = "/flip";
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ConcurrentLinkedQueue<Watcher.Event> acknowledged = new ConcurrentLinkedQueue<>();
  private final List<Member> members;
  private final Random random;
  private final Thread thread;
  private volatile boolean stopping;

  FlipLoad(List<Member> members, long seed) {
    this.members = List.copyOf(members);
    random = new Random(seed);
    thread = Thread.ofPlatform().name("flip").start(this::flip);
  }

  private void flip() {
    for (int n = 0; !stopping; n++) {
      Member member = members.get(random.nextInt(members.size()));
      try {
        if (n % 2 == 0) {
          remember("set", V2.keys(member, "PUT", KEY, "value=" + n, PATIENCE));
        } else {
          remember("delete", V2.keys(member, "DELETE", KEY, "", PATIENCE));
        }
      } catch (UncheckedIOException e) {
        // killed in the middle, or down: fate unknown
      }
      Await.pause(PAUSE);
    }
  }

  private void remember(String action, HttpReply reply) {
    if (reply.status() == 200 || reply.status() == 201) {
      Json node = Json.parse(reply.body()).get("node").orElseThrow();
      acknowledged.add(
          new Watcher.Event(
              node.number("modifiedIndex").orElseThrow(),
              action,
              KEY,
              node.string("value").orElse("")));
    }
  }

  /** Ends it; what was acknowledged, as the events that watchers must see. */
  List<Watcher.Event> stop() {
    close();
    return List.copyOf(acknowledged);
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
