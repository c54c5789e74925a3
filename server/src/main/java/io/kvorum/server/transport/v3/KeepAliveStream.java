// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.api.etcdserverpb.LeaseKeepAliveRequest;
import io.kvorum.api.etcdserverpb.LeaseKeepAliveResponse;
import io.kvorum.api.etcdserverpb.ResponseHeader;
import io.kvorum.base.Bytes;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.KeepLeases;
import io.kvorum.server.transport.net.RpcCall;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One stream of renewals: an answer for each request, in their order. The revision in an answer is
 * that from before the renewal, so a client never sees a lease alive at a revision at which it was
 * already revoked. The renewals themselves run side by side. Owned by the call's event loop.
 */
final class KeepAliveStream {

  /** Requests without an answer, or whose answer the client does not take. */
  private static final int PENDING_MAX = 4_096;

  private static final class Pending {
    final long id;
    final ResponseHeader header;
    @Nullable Answer<Long> answer;

    Pending(long id, ResponseHeader header) {
      this.id = id;
      this.header = header;
    }
  }

  private final KeepLeases keeping;
  private final LongSupplier revision;
  private final Headers headers;
  private final RpcCall call;
  private final Caller caller;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private boolean ended;

  KeepAliveStream(KeepLeases keeping, LongSupplier revision, Headers headers, RpcCall call) {
    this.keeping = keeping;
    this.revision = revision;
    this.headers = headers;
    this.call = call;
    caller = Gate.caller(call);
  }

  void serve() {
    call.read(
        this::asked,
        () -> {
          ended = true;
          answer();
        });
  }

  private void asked(Bytes message) {
    if (pending.size() >= PENDING_MAX) {
      call.fail(V3Error.TOO_MANY_REQUESTS.fault());
      return;
    }
    long id = MessageMethod.parsed(LeaseKeepAliveRequest.parser(), message).getID();
    Pending next = new Pending(id, headers.of(revision.getAsLong()));
    pending.add(next);
    var unused =
        Unfailing.of(keeping.renew(caller, id))
            .thenAccept(
                renewed ->
                    call.later(
                        () -> {
                          next.answer = renewed;
                          answer();
                        }));
  }

  private void answer() {
    while (call.isOpen() && !pending.isEmpty()) {
      Pending first = pending.getFirst();
      if (first.answer == null) {
        return;
      }
      if (call.isFull()) {
        call.onDrained(this::answer);
        return;
      }
      pending.removeFirst();
      if (first.answer instanceof Answer.Done<Long>(Long ttlSeconds)) {
        MessageMethod.write(
            call,
            LeaseKeepAliveResponse.newBuilder()
                .setHeader(first.header)
                .setID(first.id)
                .setTTL(ttlSeconds)
                .build());
      } else {
        call.fail(ErrorTable.fault(first.answer));
      }
    }
    if (ended && pending.isEmpty()) {
      call.end();
    }
  }
}
