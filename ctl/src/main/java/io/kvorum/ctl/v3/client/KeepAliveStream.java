// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.grpc.GrpcCall;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.grpc.RpcStatus;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.Shape;
import org.jspecify.annotations.Nullable;

/** Renews one lease over a stream that is opened again when it breaks. Used by one thread. */
public final class KeepAliveStream {

  private static final int TTL = 3;

  private final EtcdClient client;
  private final long lease;
  private @Nullable GrpcCall call;

  public KeepAliveStream(EtcdClient client, long lease) {
    this.client = client;
    this.lease = lease;
  }

  /**
   * Renews the lease once; an answer with a TTL of 0 says that there is none. Asks other members
   * until the deadline.
   */
  public Message renew(Deadline deadline) {
    for (; ; ) {
      try {
        return ask(deadline);
      } catch (RpcFailure e) {
        call = null;
        if (e.status() != RpcStatus.UNAVAILABLE || deadline.isOver()) {
          throw e;
        }
        client.moveOn(deadline, true);
      }
    }
  }

  private Message ask(Deadline deadline) {
    GrpcCall stream = call;
    if (stream == null) {
      stream = client.open(Rpc.LEASE_KEEP_ALIVE, true, Deadline.NEVER);
      call = stream;
    }
    ProtoWriter request = new ProtoWriter();
    request.uint64(1, lease);
    stream.send(request.toBytes());
    return stream
        .receive(deadline)
        .map(bytes -> Message.parse(Shape.of(Rpc.LEASE_KEEP_ALIVE.answer()), bytes))
        .orElseThrow(() -> new RpcFailure(RpcStatus.UNAVAILABLE, "the stream ended", true));
  }

  /** The time to live that an answer grants, in seconds. */
  public static long ttl(Message answer) {
    return answer.number(TTL);
  }
}
