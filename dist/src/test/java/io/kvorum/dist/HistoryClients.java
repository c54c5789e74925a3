// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.history.Operation;
import io.kvorum.harness.history.Recorder;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients side by side that draw calls, send each to a member drawn at random, and keep what became
 * of it: an answer that means something, or an unknown fate. What never left for lack of a
 * connection is not kept. Keys change every few seconds, so that each has a short history.
 */
final class HistoryClients<C, A> implements AutoCloseable {
  /** Below the members' own limits: a call may well take effect after its client gave up. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration PAUSE = Duration.ofMillis(15);
  private static final long GENERATION_NANOS = Duration.ofSeconds(10).toNanos();

  /** One client's work. */
  interface Client<C, A> {
    /** The next call, on keys that carry that mark. */
    C draw(String generation);

    /** Sends it; what the answer says, or nothing, when the fate is open. */
    Optional<A> send(Member member, C call) throws IOException;
  }

  /** Makes a client out of its number and its chance. */
  interface Maker<C, A> {
    Client<C, A> make(int number, Random random);
  }

  private final Recorder<C, A> recorder = new Recorder<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private final List<Member> members;
  private final long start = System.nanoTime();
  private volatile boolean stopping;

  /**
   * Starts at once.
   *
   * @param members read anew for each call
   */
  HistoryClients(List<Member> members, int clients, long seed, Maker<C, A> maker) {
    this.members = members;
    Random seeds = new Random(seed);
    for (int i = 0; i < clients; i++) {
      int number = i;
      Random random = new Random(seeds.nextLong());
      Client<C, A> client = maker.make(number, random);
      threads.add(
          Thread.ofPlatform().name("client-" + number).start(() -> work(number, random, client)));
    }
  }

  private void work(int number, Random random, Client<C, A> client) {
    while (!stopping) {
      long generation = (System.nanoTime() - start) / GENERATION_NANOS;
      C call = client.draw("g" + generation);
      Member member = members.get(random.nextInt(members.size()));
      long begun = System.nanoTime() - start;
      try {
        Optional<A> answer = client.send(member, call);
        long ended = System.nanoTime() - start;
        answered.addAndGet(answer.isPresent() ? 1 : 0);
        recorder.add(
            answer
                .map(known -> Operation.answered(number, call, begun, known, ended))
                .orElse(Operation.unknown(number, call, begun)));
      } catch (ConnectException | NoRouteToHostException e) {
        // not sent; and a member that is down is asked too often otherwise
        Await.pause(PAUSE);
      } catch (IOException e) {
        recorder.add(Operation.unknown(number, call, begun));
      }
      Await.pause(PAUSE);
    }
  }

  /** How many calls were answered. */
  int answered() {
    return answered.get();
  }

  /** Waits until calls are answered again. */
  void awaitProgress(Duration patience) {
    int before = answered();
    Await.require("calls are answered again", patience, () -> answered() > before + 20);
  }

  /** Ends the work; the whole history. */
  List<Operation<C, A>> stop() {
    close();
    return recorder.history();
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
