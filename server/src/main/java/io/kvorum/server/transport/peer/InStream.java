// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.MalformedProto;
import io.kvorum.base.MemberId;
import io.kvorum.raft.Message;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reading end of a stream: dials a peer and listens, again and again, at most once per 100 ms.
 * The one who dials reads (peer protocol, "streams").
 */
final class InStream {

  private static final Logger LOG = LoggerFactory.getLogger(InStream.class);
  private static final long REDIAL_MILLIS = 100;
  private static final long SILENCE_NANOS_MAX = 5_000_000_000L;
  private static final int GONE = 410;
  private static final int OK = 200;

  /** Where the stream leads and who is told what. */
  record Line(
      String kind,
      long peer,
      PeerIdentity identity,
      Supplier<FrameReader> frames,
      Consumer<Message> sink,
      Consumer<PeerIdentity.Acquaintance> meets,
      Runnable removed) {}

  private final PeerLoop loop;
  private final Line line;
  private final PeerUrlsInTurn urls;
  private boolean stopped;
  private int attempt;
  private long lastReadAt;
  private volatile long activeSince = -1;
  private @Nullable HttpClientRequest open;

  InStream(PeerLoop loop, Line line, PeerUrlsInTurn urls) {
    this.loop = loop;
    this.line = line;
    this.urls = urls;
  }

  void dial() {
    if (stopped) {
      return;
    }
    int mine = ++attempt;
    String path = "/raft/stream/" + line.kind + "/" + line.identity.member().hex();
    loop.client()
        .request(
            new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(urls.current() + path))
        .compose(
            request -> {
              if (stopped) {
                request.reset();
              }
              // Its end is told by what comes, or does not come, of sending it.
              request.exceptionHandler(failure -> {});
              open = request;
              lastReadAt = loop.clock().monotonicNanos();
              request.headers().addAll(line.identity.requestHeaders());
              request.putHeader(PeerIdentity.RAFT_TO, Long.toHexString(line.peer));
              return request.send();
            })
        .onSuccess(response -> opened(mine, response))
        .onFailure(failure -> lost(mine));
  }

  private void opened(int mine, HttpClientResponse response) {
    if (line.identity.isOwnCluster(response.headers())) {
      line.meets.accept(PeerIdentity.Acquaintance.of(response.headers()));
    }
    if (stopped) {
      response.request().reset();
    } else if (response.statusCode() == OK) {
      listen(mine, response);
    } else if (response.statusCode() == GONE && line.identity.isOwnCluster(response.headers())) {
      stopped = true;
      line.removed.run();
    } else {
      // Read to its end, so that the connection serves the next try.
      response.exceptionHandler(failure -> lost(mine));
      response.body().onComplete(read -> lost(mine));
    }
  }

  private void listen(int mine, HttpClientResponse response) {
    FrameReader frames = line.frames.get();
    lastReadAt = loop.clock().monotonicNanos();
    activeSince = lastReadAt;
    response.exceptionHandler(failure -> lost(mine));
    response.endHandler(end -> lost(mine));
    response.handler(
        arrived -> {
          lastReadAt = loop.clock().monotonicNanos();
          try {
            frames.feed(arrived.getBytes(), line.sink);
          } catch (MalformedProto malformed) {
            complain(malformed);
            response.request().reset();
          }
        });
  }

  private void complain(MalformedProto malformed) {
    loop.complaints()
        .say(
            others ->
                LOG.atWarn()
                    .addKeyValue("remote-peer-id", MemberId.hex(line.peer))
                    .addKeyValue("stream", line.kind)
                    .addKeyValue("error", malformed.getMessage())
                    .addKeyValue("not-logged-since", others)
                    .log("dropping a stream that makes no sense"));
  }

  /** A failure and an end may both be reported for one attempt; only the first counts. */
  private void lost(int mine) {
    if (mine != attempt || stopped) {
      return;
    }
    attempt++;
    open = null;
    activeSince = -1;
    urls.next();
    loop.vertx().setTimer(REDIAL_MILLIS, timer -> dial());
  }

  /**
   * Gives up a connection that has been silent for too long: heartbeats should come, and before
   * them an answer. A peer behind a cut cable would else be missed until TCP gives up.
   */
  void checkSilence(long now) {
    HttpClientRequest request = open;
    if (request != null && now - lastReadAt > SILENCE_NANOS_MAX) {
      request.reset();
    }
  }

  /** Monotonic nanoseconds since when the stream is open, -1 when it is not. */
  long activeSince() {
    return activeSince;
  }

  void stop() {
    stopped = true;
    HttpClientRequest request = open;
    if (request != null) {
      request.reset();
    }
  }
}
