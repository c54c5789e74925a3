// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.http.Deadline;
import java.util.concurrent.CountDownLatch;

/** A lease that a thread of its own keeps alive until the session is closed or the lease lost. */
public final class LeaseSession implements AutoCloseable {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final EtcdClient client;
  private final long lease;
  private final long ttl;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread keeper;
  private volatile boolean closed;

  private LeaseSession(EtcdClient client, long lease, long ttl) {
    this.client = client;
    this.lease = lease;
    this.ttl = ttl;
    this.keeper = new Thread(this::keep, "session");
  }

  /** Takes a lease and begins to renew it. */
  public static LeaseSession open(EtcdClient client, long ttl) {
    ProtoWriter request = new ProtoWriter();
    request.uint64(1, ttl);
    var granted = client.call(Rpc.LEASE_GRANT, request, client.commandDeadline());
    LeaseSession session = new LeaseSession(client, granted.number(2), granted.number(3));
    session.keeper.setDaemon(true);
    session.keeper.start();
    return session;
  }

  public long lease() {
    return lease;
  }

  private void keep() {
    KeepAliveStream stream = new KeepAliveStream(client, lease);
    long renewed = System.nanoTime();
    try {
      while (!closed) {
        Deadline lost = Deadline.in(renewed + ttl * NANOS_PER_SECOND - System.nanoTime());
        if (KeepAliveStream.ttl(stream.renew(lost)) <= 0) {
          break;
        }
        renewed = System.nanoTime();
        Thread.sleep(Math.max(ttl * 1000 / 3, 1));
      }
    } catch (RpcFailure | InterruptedException e) {
      // The session is over, which is all that can be said.
    } finally {
      if (!closed) {
        over.countDown();
      }
    }
  }

  /** Waits until the lease is lost; for ever when the session is closed before. */
  public void awaitEnd() throws InterruptedException {
    over.await();
  }

  /** Whether the lease is lost. */
  public boolean isOver() {
    return over.getCount() == 0;
  }

  /** Gives the lease back. */
  @Override
  public void close() {
    closed = true;
    keeper.interrupt();
    ProtoWriter request = new ProtoWriter();
    request.uint64(1, lease);
    try {
      client.call(Rpc.LEASE_REVOKE, request);
    } catch (RpcFailure e) {
      // It ends by itself when its time is over.
    }
  }
}
