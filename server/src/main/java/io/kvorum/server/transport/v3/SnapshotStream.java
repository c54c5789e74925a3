// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.api.etcdserverpb.SnapshotRequest;
import io.kvorum.base.Bytes;
import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.CopyDatabase;
import io.kvorum.server.transport.net.RpcCall;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams the database to whoever asks, each time on a thread of its own that waits for the client.
 * It keeps old versions of the store alive meanwhile, so there are few at once, and a client that
 * takes nothing for a while is given up.
 */
final class SnapshotStream {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStream.class);

  /** Most at once; further ones are refused. */
  private static final int STREAMS_MAX = 4;

  private final CopyDatabase copies;
  private final Workers workers;
  private final Semaphore free = new Semaphore(STREAMS_MAX);

  SnapshotStream(CopyDatabase copies, Workers workers) {
    this.copies = copies;
    this.workers = workers;
  }

  void serve(RpcCall call, Bytes message) {
    MessageMethod.parsed(SnapshotRequest.parser(), message);
    var unused =
        Unfailing.of(copies.admit(Gate.caller(call)))
            .thenAccept(answer -> call.later(() -> begin(call, answer)));
  }

  private void begin(RpcCall call, Answer<CopyDatabase.Source> admission) {
    if (!(admission instanceof Answer.Done<CopyDatabase.Source>(var source))) {
      call.fail(ErrorTable.fault(admission));
    } else if (!free.tryAcquire()) {
      call.fail(V3Error.TOO_MANY_REQUESTS.fault());
    } else {
      SnapshotPump pump = new SnapshotPump(call);
      Worker<CopyDatabase.Source> writer =
          workers.start(
              "snapshot", 1, sources -> sources.forEach(pump::run), SnapshotStream::broken);
      writer.put(source);
      writer.stop();
      call.onClosed(free::release);
    }
  }

  private static void broken(Throwable failure) {
    LOG.atError().setCause(failure).log("a snapshot broke");
  }
}
