// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceReader;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.RangeQuery.Bounds;
import io.kvorum.server.command.RangeQuery.SortOrder;
import io.kvorum.server.command.RangeQuery.SortTarget;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.ReadKeyspace;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import java.util.List;

/**
 * One range told in parts, so that neither side has to hold it whole. All parts are of the revision
 * at which the first one was read; only the last one tells the header and the numbers. A part is
 * read when the client has taken the one before.
 *
 * <p>Source: etcd 3.7.
 */
final class RangeStream {
  private static final int FIRST_KEYS = 10;

  private static final RpcFault SORTED =
      new RpcFault(RpcCode.UNIMPLEMENTED, "RangeStream does not support custom sort orders");
  private static final RpcFault FILTERED =
      new RpcFault(RpcCode.UNIMPLEMENTED, "RangeStream does not support revision filters");

  private final ReadKeyspace reading;
  private final KeyspaceMessages messages;
  private final long partBytes;
  private final RpcCall call;
  private final Caller caller;
  private final RangeQuery whole;
  private RangeQuery rest;
  private long total = -1;
  private long sent;
  private long revision;
  private int keys = FIRST_KEYS;

  private RangeStream(
      ReadKeyspace reading,
      KeyspaceMessages messages,
      long partBytes,
      RpcCall call,
      Caller caller,
      RangeQuery whole) {
    this.reading = reading;
    this.messages = messages;
    this.partBytes = partBytes;
    this.call = call;
    this.caller = caller;
    this.whole = whole;
    this.rest = whole;
  }

  /**
   * Serves a call.
   *
   * @param partBytes how long a part should become, about
   */
  static void serve(
      ReadKeyspace reading,
      KeyspaceMessages messages,
      long partBytes,
      RpcCall call,
      Caller caller,
      Bytes message) {
    var query = KeyspaceReader.OF_CLIENTS.range(new ProtoReader("RangeRequest", message));
    if (!isInKeyOrder(query)) {
      call.fail(SORTED);
    } else if (!query.bounds().equals(Bounds.NONE)) {
      call.fail(FILTERED);
    } else {
      new RangeStream(reading, messages, partBytes, call, caller, query).next();
    }
  }

  private static boolean isInKeyOrder(RangeQuery query) {
    return query.target() == SortTarget.KEY && query.order() != SortOrder.DESCEND;
  }

  private void next() {
    var part = whole.countOnly() ? rest : rest.atMost(partLimit());
    Unfailing.of(reading.range(caller, part, call::later))
        .thenAccept(answer -> call.later(() -> told(answer)));
  }

  private long partLimit() {
    return whole.limit() > 0 ? Math.min(keys, whole.limit() - sent) : keys;
  }

  private void told(Answer<KeyspaceResult> answer) {
    if (!(answer instanceof Answer.Done<KeyspaceResult>(var result))) {
      call.fail(ErrorTable.fault(answer));
    } else if (result instanceof KeyspaceResult.Range range) {
      send(range);
    }
  }

  private void send(KeyspaceResult.Range range) {
    if (total < 0) {
      total = range.count();
      revision = range.revision();
    }
    sent += range.found().size();
    boolean cut = whole.limit() > 0 && sent >= whole.limit();
    if (whole.countOnly() || cut || !range.more()) {
      boolean more = !whole.countOnly() && total > sent;
      call.write(messages.lastPart(new KeyspaceResult.Range(revision, range.found(), more, total)));
      call.end();
      return;
    }
    var part = messages.part(range.found());
    adapt(part.length());
    rest = after(range.found());
    call.write(part);
    if (call.isFull()) {
      call.onDrained(this::next);
    } else {
      next();
    }
  }

  private void adapt(long bytes) {
    if (bytes < partBytes / 2) {
      keys = (int) Math.min(2L * keys, 1 << 20);
    } else if (bytes > 2 * partBytes) {
      keys = Math.max(1, keys / 2);
    }
  }

  /**
   * What is left behind {@code found}, at the same revision and without asking the others again.
   */
  private RangeQuery after(List<KeyValue> found) {
    var key = found.getLast().key().concat(Bytes.wrap(new byte[1]));
    return new RangeQuery(
        key,
        whole.rangeEnd(),
        0,
        whole.revision() > 0 ? whole.revision() : revision,
        whole.order(),
        whole.target(),
        true,
        whole.keysOnly(),
        false,
        Bounds.NONE);
  }
}
