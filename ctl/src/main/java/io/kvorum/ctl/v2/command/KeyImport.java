// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.base.Bytes;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.KeyWrite;
import io.kvorum.ctl.v2.client.KeysApi;
import io.kvorum.server.command.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Writes keys with several clients at once, each on a thread of its own. */
final class KeyImport {

  /** A shorter time to live could pass while the import is still under way. */
  private static final long TTL_SECONDS_MIN = 300;

  private static final long NANOS = 1_000_000_000L;

  private final Console console;
  private final List<KeysApi> clients;
  private final Queue<NodeView> waiting = new ConcurrentLinkedQueue<>();
  private volatile @Nullable ApiFailure failure;

  KeyImport(Console console, List<KeysApi> clients) {
    this.console = console;
    this.clients = List.copyOf(clients);
  }

  /** Returns when all are written; the first failure ends it. */
  void run(List<NodeView> keys) {
    waiting.addAll(keys);
    List<Thread> threads = new ArrayList<>();
    for (KeysApi client : clients) {
      threads.add(Thread.ofVirtual().start(() -> work(client)));
    }
    for (Thread thread : threads) {
      join(thread);
    }
    ApiFailure first = failure;
    if (first != null) {
      console.errorLine(LogLine.of("failed to copy key: " + first.getMessage()));
      throw new CommandExit(ExitCode.BAD_ARGUMENTS);
    }
  }

  private void work(KeysApi client) {
    for (NodeView key = waiting.poll(); key != null && failure == null; key = waiting.poll()) {
      try {
        client.set(
            key.key().utf8(),
            key.value().map(Bytes::utf8).orElse(""),
            KeyWrite.PLAIN.withTtl(ttlSeconds(key)));
      } catch (ApiFailure refused) {
        failure = refused;
      }
    }
  }

  private long ttlSeconds(NodeView key) {
    say("copying key: " + key.key().utf8());
    if (key.expiresAt() == 0) {
      return 0;
    }
    long left = Math.ceilDiv(key.expiresAt() - System.currentTimeMillis() * 1_000_000, NANOS);
    if (left < TTL_SECONDS_MIN) {
      say("extending key " + key.key().utf8() + "'s ttl to " + TTL_SECONDS_MIN + " seconds");
      return TTL_SECONDS_MIN;
    }
    return left;
  }

  private void say(String text) {
    synchronized (console) {
      console.errorLine(LogLine.of(text));
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandExit(ExitCode.BAD_ARGUMENTS);
    }
  }
}
