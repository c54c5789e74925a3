// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.Bytes;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftWire;
import io.kvorum.server.consensus.StateForPeer;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Single messages by POST: for peers whose streams are not up, and for snapshots.
 *
 * <p>At most {@link #UNDER_WAY_MAX} at once and {@link #WAITING_MAX} behind them; what comes beyond
 * is lost, as on any network.
 */
final class Pipeline {

  private static final int UNDER_WAY_MAX = 4;
  private static final int WAITING_MAX = 64;
  static final int NO_CONTENT = 204;
  private static final int FORBIDDEN = 403;

  /** A peer that does not answer for this long has not got the message. */
  private static final long PATIENCE_MILLIS = 5_000;

  /** A snapshot is written to disk before the answer, after it came through at this pace. */
  private static final long SNAPSHOT_PATIENCE_MILLIS = 30_000;

  private static final int SNAPSHOT_BYTES_PER_MILLI = 1_000;

  /** How single messages fare. */
  interface Reports {
    void lost();

    void snapshotSent(boolean delivered);

    /** The peer says that this member was removed for good. */
    void removed();
  }

  private final PeerLoop loop;
  private final PeerIdentity identity;
  private final PeerUrlsInTurn urls;
  private final Reports reports;
  private final ArrayDeque<Message> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean stopped;

  Pipeline(PeerLoop loop, PeerIdentity identity, PeerUrlsInTurn urls, Reports reports) {
    this.loop = loop;
    this.identity = identity;
    this.urls = urls;
    this.reports = reports;
  }

  /** Sends {@code message} when its turn comes; false when too many wait. */
  boolean send(Message message) {
    if (stopped) {
      return false;
    }
    if (underWay >= UNDER_WAY_MAX) {
      return waiting.size() < WAITING_MAX && waiting.add(message);
    }
    underWay++;
    Buffer body = Buffer.buffer(RaftWire.encode(message).toArray());
    post("/raft", "application/protobuf", body, PATIENCE_MILLIS)
        .onComplete(done -> answered(isDelivered(done)));
    return true;
  }

  private static boolean isDelivered(AsyncResult<Integer> done) {
    return done.succeeded() && done.result() == NO_CONTENT;
  }

  private void answered(boolean delivered) {
    underWay--;
    if (!delivered) {
      urls.next();
      reports.lost();
    }
    Message next = waiting.poll();
    if (next != null) {
      send(next);
    }
  }

  /** Sends a snapshot: its message with the v2 tree inside, then the database. */
  void sendSnapshot(Message.InstallSnapshot message, StateForPeer state) {
    Bytes encoded = RaftWire.encode(message, state.treeJson());
    Buffer head = Buffer.buffer(encoded.length() + Long.BYTES);
    head.appendBytes(ByteBuffer.allocate(Long.BYTES).putLong(encoded.length()).array());
    head.appendBytes(encoded.toArray());
    long bytes = head.length() + state.databaseBytes();
    long patience = SNAPSHOT_PATIENCE_MILLIS + bytes / SNAPSHOT_BYTES_PER_MILLI;
    request("/raft/snapshot", "application/octet-stream", patience)
        .compose(
            request -> {
              request.putHeader("Content-Length", Long.toString(bytes));
              Future<Integer> answer = request.response().compose(this::statusOf);
              return new SnapshotUpload(loop.vertx(), request, head, state).run(answer);
            })
        .onComplete(
            done -> {
              state.close();
              boolean delivered = isDelivered(done);
              if (!delivered) {
                urls.next();
                reports.lost();
              }
              reports.snapshotSent(delivered);
            });
  }

  /** From now on nothing is sent; returns what still waited. */
  List<Message> stop() {
    stopped = true;
    List<Message> unsent = List.copyOf(waiting);
    waiting.clear();
    return unsent;
  }

  private Future<Integer> post(String path, String type, Buffer body, long patienceMillis) {
    return request(path, type, patienceMillis)
        .compose(request -> request.send(body))
        .compose(this::statusOf);
  }

  private Future<HttpClientRequest> request(String path, String type, long patienceMillis) {
    return loop.client()
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(urls.current() + path)
                .setIdleTimeout(patienceMillis))
        .map(
            request -> {
              request.headers().addAll(identity.requestHeaders());
              request.putHeader("Content-Type", type);
              return request;
            });
  }

  /** The status, once the body is read and the connection is free again. */
  private Future<Integer> statusOf(HttpClientResponse response) {
    if (response.statusCode() == FORBIDDEN && identity.isOwnCluster(response.headers())) {
      reports.removed();
    }
    return response.body().map(ignored -> response.statusCode());
  }
}
