// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.v3.client.EtcdClient;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Writes random values under a prefix from several clients at once, at most at a given rate.
 *
 * @param clients how many write at once; as many connections as keep them from queueing
 * @param perSecond how many writes begin in a second; 0 for as many as possible
 */
record CheckLoad(EtcdClient cluster, Bytes prefix, int valueBytes, int clients, long perSecond) {

  static final Option LOAD =
      Option.text("s", "The check's workload model. Accepted: s, m, l, xl", List.of("load"));
  static final Option AUTO_COMPACT =
      Option.flag("Compact storage with last revision after test is finished.", "auto-compact");
  static final Option AUTO_DEFRAG =
      Option.flag("Defragment storage after test is finished.", "auto-defrag");

  private static final int CLIENTS_PER_CONNECTION = 10;
  private static final int KEY_BYTES = 256;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Says that somebody else's keys are there, which the check would delete. */
  static void requireEmpty(Call call, String prefix) {
    ProtoWriter range = new ProtoWriter();
    KeySpan span = KeySpan.prefix(Bytes.utf8(prefix));
    range.bytes(1, span.key());
    range.bytes(2, span.end());
    range.uint64(3, 1);
    if (!call.ask(Rpc.RANGE, range).messages(2).isEmpty()) {
      throw call.fail(
          ExitStatus.INVALID_INPUT,
          "prefix \""
              + prefix
              + "\" has keys. Delete with 'etcdctl del --prefix "
              + prefix
              + "' first");
    }
  }

  /** Removes the keys, and their history and room when that is asked for. */
  static void cleanUp(Call call, String prefix) {
    ProtoWriter delete = new ProtoWriter();
    KeySpan span = KeySpan.prefix(Bytes.utf8(prefix));
    delete.bytes(1, span.key());
    delete.bytes(2, span.end());
    Message deleted = call.client().call(Rpc.DELETE_RANGE, delete, Deadline.NEVER);
    if (call.isSet(AUTO_COMPACT)) {
      ProtoWriter compact = new ProtoWriter();
      compact.uint64(1, deleted.header().number(3));
      compact.bool(2, true);
      call.client().call(Rpc.COMPACT, compact, Deadline.NEVER);
    }
    if (call.isSet(AUTO_DEFRAG)) {
      for (var endpoint : call.client().endpoints()) {
        try (EtcdClient one = call.client().only(endpoint)) {
          one.call(Rpc.DEFRAGMENT, new ProtoWriter(), Deadline.NEVER);
        }
      }
    }
  }

  /**
   * Writes until the time is over or enough was written.
   *
   * @return how long each write took, in nanoseconds
   */
  List<Long> run(long writesMax, long nanosMax) throws InterruptedException {
    List<Long> took = new ArrayList<>();
    List<EtcdClient> connections = new ArrayList<>();
    for (int i = 0; i < clients; i += CLIENTS_PER_CONNECTION) {
      connections.add(
          cluster.only(cluster.endpoints().get(connections.size() % cluster.endpoints().size())));
    }
    AtomicLong begun = new AtomicLong();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      EtcdClient client = connections.get(i / CLIENTS_PER_CONNECTION);
      threads.add(
          Thread.ofVirtual().start(() -> write(client, begun, writesMax, start, nanosMax, took)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    connections.forEach(EtcdClient::close);
    return took;
  }

  private void write(
      EtcdClient client,
      AtomicLong begun,
      long writesMax,
      long start,
      long nanosMax,
      List<Long> took) {
    RandomGenerator random = RandomGenerator.getDefault();
    byte[] key = new byte[KEY_BYTES];
    byte[] value = new byte[valueBytes];
    for (long n = begun.getAndIncrement(); n < writesMax; n = begun.getAndIncrement()) {
      if (perSecond > 0) {
        long due = start + (long) (n * (double) NANOS_PER_SECOND / perSecond);
        while (System.nanoTime() - due < 0) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
      if (System.nanoTime() - start >= nanosMax) {
        return;
      }
      random.nextBytes(key);
      random.nextBytes(value);
      ProtoWriter put = new ProtoWriter(valueBytes + 2 * KEY_BYTES);
      put.bytes(1, prefix.concat(Bytes.copyOf(key)));
      put.bytes(2, Bytes.copyOf(value));
      long began = System.nanoTime();
      try {
        client.call(Rpc.PUT, put);
      } catch (RpcFailure e) {
        continue;
      }
      synchronized (took) {
        took.add(System.nanoTime() - began);
      }
    }
  }
}
