// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.WatchKeyspace;
import io.kvorum.server.request.Watching;
import io.kvorum.server.transport.net.RpcCall;

/**
 * One client that watches. It may stop sending and still be told; it is told as long as it reads.
 * Owned by the call's event loop.
 */
final class WatchCall implements WatchKeyspace.Client {
  private final WatchMessages messages;
  private final RpcCall call;
  private final Watching watching;
  private boolean waitsForReader;

  WatchCall(WatchKeyspace watches, WatchMessages messages, RpcCall call) {
    this.messages = messages;
    this.call = call;
    watching = watches.open(Gate.caller(call), this);
  }

  void serve() {
    call.onClosed(watching::close);
    call.read(this::take, () -> {});
  }

  /** Of several kinds in one request the last one counts; a request of none is passed over. */
  private void take(Bytes message) {
    Runnable asked = () -> {};
    var in = new ProtoReader("WatchRequest", message);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> {
          var query = WatchMessages.create(in.message("WatchCreateRequest"));
          asked = () -> watching.create(query);
        }
        case 2 -> {
          long id = id(in.message("WatchCancelRequest"));
          asked = () -> watching.cancel(id);
        }
        case 3 -> {
          in.skip();
          asked = watching::requestProgress;
        }
        default -> in.skip();
      }
    }
    asked.run();
  }

  private static long id(ProtoReader in) {
    long id = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        id = in.uint64();
      } else {
        in.skip();
      }
    }
    return id;
  }

  @Override
  public void tell(WatchNotice notice) {
    switch (notice) {
      case WatchNotice.Created created -> call.write(messages.of(created));
      case WatchNotice.Refused(var reason, long revision) ->
          call.write(messages.refused(text(reason), revision));
      case WatchNotice.Cancelled cancelled -> call.write(messages.of(cancelled));
      case WatchNotice.Compacted compacted -> call.write(messages.of(compacted));
      case WatchNotice.Happened happened -> messages.of(happened).forEach(call::write);
      case WatchNotice.Progress progress -> call.write(messages.of(progress));
    }
  }

  private static String text(WatchNotice.Reason reason) {
    return switch (reason) {
      case EMPTY_RANGE -> "mvcc: watcher range is empty";
      case DUPLICATE_ID -> "mvcc: duplicate watch ID provided on the WatchStream";
      case COMPACTED -> V3Error.COMPACTED.fault().text();
      case TOO_MANY -> V3Error.TOO_MANY_REQUESTS.fault().text();
    };
  }

  /** The reason is worded as Go prints an error of gRPC. */
  @Override
  public void deny(Answer<?> why, long revision) {
    var fault = ErrorTable.fault(why);
    call.write(
        messages.refused(
            "rpc error: code = " + fault.code().goName() + " desc = " + fault.text(), revision));
  }

  @Override
  public void overwhelm() {
    call.fail(V3Error.TOO_MANY_REQUESTS.fault());
  }

  @Override
  public void listen(boolean more) {
    if (more) {
      call.resume();
    } else {
      call.pause();
    }
  }

  /** Also remembers to go on once the client has read. */
  @Override
  public boolean isFull() {
    boolean full = call.isFull();
    if (full && !waitsForReader) {
      waitsForReader = true;
      call.onDrained(
          () -> {
            waitsForReader = false;
            watching.pump();
          });
    }
    return full;
  }

  @Override
  public void later(Runnable work) {
    call.later(work);
  }
}
