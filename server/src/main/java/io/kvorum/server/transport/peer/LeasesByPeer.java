// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.request.KeepLeases;
import io.kvorum.server.request.LeaseReply;
import io.kvorum.server.request.LeaseTime;
import io.kvorum.server.request.LeasesHere;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * {@code POST /leases} and {@code /leases/internal}: how members have the leader renew a lease, and
 * ask it how long one lives. Messages, statuses and texts: etcd 3.4, both ways.
 */
public final class LeasesByPeer implements KeepLeases.AtLeader {

  private static final String RENEW = "/leases";
  private static final String LOOK = "/leases/internal";

  private static final String NOT_FOUND = "lease not found";
  private static final String NOT_LEADING = "not a primary lessor";
  private static final String BEHIND =
      "waiting for node to catch up its applied index has timed out";

  /** How long who is asked may take to know better than not to know. */
  private static final long CATCH_UP_MILLIS = 1_000;

  /** A leader that is there answers at once; another one may lead by then. */
  private static final Duration PATIENCE_MAX = Duration.ofSeconds(2);

  private final PeerDirectory directory;

  public LeasesByPeer(PeerDirectory directory) {
    this.directory = directory;
  }

  // --- asking ---

  @Override
  public CompletableFuture<LeaseReply<Long>> renew(List<String> urls, long id, Duration patience) {
    ProtoWriter request = new ProtoWriter(16);
    request.uint64(1, id);
    return ask(urls, RENEW, request.toBytes(), patience, body -> renewed(body, id));
  }

  @Override
  public CompletableFuture<LeaseReply<LeaseTime>> look(
      List<String> urls, long id, boolean keys, Duration patience) {
    ProtoWriter request = new ProtoWriter(24);
    int mark = request.begin(1);
    request.uint64(1, id);
    request.bool(2, keys);
    request.end(mark);
    return ask(urls, LOOK, request.toBytes(), patience, body -> looked(body, id));
  }

  private <T> CompletableFuture<LeaseReply<T>> ask(
      List<String> urls,
      String path,
      Bytes request,
      Duration patience,
      Function<Bytes, LeaseReply<T>> reader) {
    Duration wait = patience.compareTo(PATIENCE_MAX) < 0 ? patience : PATIENCE_MAX;
    return directory
        .send(urls, path, request, wait)
        .thenApply(reply -> reply(reply, reader))
        .exceptionally(unreachable -> new LeaseReply.NotHere<>());
  }

  private static <T> LeaseReply<T> reply(
      Optional<PeerDirectory.Reply> reply, Function<Bytes, LeaseReply<T>> reader) {
    if (reply.isEmpty()) {
      return new LeaseReply.NotHere<>();
    }
    Bytes body = reply.get().body();
    return switch (reply.get().status()) {
      case 200 -> reader.apply(body);
      // Who knows nothing of leases at all says 404 too, in other words.
      case 404 ->
          body.utf8().contains(NOT_FOUND) ? new LeaseReply.Gone<>() : new LeaseReply.NotHere<>();
      default -> new LeaseReply.NotHere<>();
    };
  }

  private static LeaseReply<Long> renewed(Bytes body, long id) {
    ProtoReader in = new ProtoReader("LeaseKeepAliveResponse", body);
    long renewedId = 0;
    long ttlSeconds = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 2 -> renewedId = in.uint64();
        case 3 -> ttlSeconds = in.uint64();
        default -> in.skip();
      }
    }
    return renewedId == id ? new LeaseReply.Stands<>(ttlSeconds) : new LeaseReply.NotHere<>();
  }

  private static LeaseReply<LeaseTime> looked(Bytes body, long id) {
    ProtoReader in = new ProtoReader("LeaseInternalResponse", body);
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        return time(in.message("LeaseTimeToLiveResponse"), id);
      }
      in.skip();
    }
    return new LeaseReply.NotHere<>();
  }

  private static LeaseReply<LeaseTime> time(ProtoReader in, long id) {
    long foundId = 0;
    long ttlSeconds = 0;
    long grantedSeconds = 0;
    List<Bytes> keys = new ArrayList<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 2 -> foundId = in.uint64();
        case 3 -> ttlSeconds = in.uint64();
        case 4 -> grantedSeconds = in.uint64();
        case 5 -> keys.add(in.bytes());
        default -> in.skip();
      }
    }
    return foundId == id
        ? new LeaseReply.Stands<>(new LeaseTime(grantedSeconds, ttlSeconds, keys))
        : new LeaseReply.NotHere<>();
  }

  // --- answering ---

  /** The other end: serves what the methods above send, and genuine members too. */
  public static List<PeerEndpoint> endpoints(PeerNetwork network, LeasesHere leases) {
    return List.of(
        new PeerEndpoint(
            RENEW,
            "POST",
            request ->
                new BodyInHand(request, network).gather(body -> renew(request, body, leases))),
        new PeerEndpoint(
            LOOK,
            "POST",
            request ->
                new BodyInHand(request, network).gather(body -> look(request, body, leases))));
  }

  private static void renew(HttpServerRequest request, Buffer body, LeasesHere leases) {
    long id;
    try {
      id = firstNumber(new ProtoReader("LeaseKeepAliveRequest", Bytes.wrap(body.getBytes())));
    } catch (MalformedProto malformed) {
      PeerApi.text(request.response(), 400, "error unmarshalling request");
      return;
    }
    answer(
        request,
        leases.renew(id),
        ttlSeconds -> {
          ProtoWriter out = new ProtoWriter(24);
          out.uint64(2, id);
          out.uint64(3, ttlSeconds);
          return out.toBytes();
        });
  }

  private static long firstNumber(ProtoReader in) {
    long number = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        number = in.uint64();
      } else {
        in.skip();
      }
    }
    return number;
  }

  private record Wanted(long id, boolean keys) {}

  private static void look(HttpServerRequest request, Buffer body, LeasesHere leases) {
    Wanted wanted;
    try {
      wanted = wanted(new ProtoReader("LeaseInternalRequest", Bytes.wrap(body.getBytes())));
    } catch (MalformedProto malformed) {
      PeerApi.text(request.response(), 400, "error unmarshalling request");
      return;
    }
    answer(request, leases.look(wanted.id(), wanted.keys()), time -> response(wanted.id(), time));
  }

  private static Wanted wanted(ProtoReader in) {
    long id = 0;
    boolean keys = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field != 1) {
        in.skip();
        continue;
      }
      ProtoReader inner = in.message("LeaseTimeToLiveRequest");
      for (int number = inner.next(); number != 0; number = inner.next()) {
        switch (number) {
          case 1 -> id = inner.uint64();
          case 2 -> keys = inner.bool();
          default -> inner.skip();
        }
      }
    }
    return new Wanted(id, keys);
  }

  private static Bytes response(long id, LeaseTime time) {
    ProtoWriter out = new ProtoWriter();
    int mark = out.begin(1);
    out.end(out.begin(1));
    out.uint64(2, id);
    out.uint64(3, time.remainingSeconds());
    out.uint64(4, time.grantedSeconds());
    time.keys().forEach(key -> out.bytesAlways(5, key));
    out.end(mark);
    return out.toBytes();
  }

  /** Waits for the reply no longer than etcd does; who asked comes again. */
  private static <T> void answer(
      HttpServerRequest request,
      CompletableFuture<LeaseReply<T>> reply,
      Function<T, Bytes> message) {
    Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    long timer =
        loop.owner()
            .setTimer(
                CATCH_UP_MILLIS,
                late -> {
                  if (!request.response().ended()) {
                    PeerApi.text(request.response(), 408, BEHIND);
                  }
                });
    var unused =
        reply
            .exceptionally(broken -> new LeaseReply.Failed<>(broken.toString()))
            .thenAccept(
                came ->
                    loop.runOnContext(
                        ignored -> {
                          loop.owner().cancelTimer(timer);
                          if (!request.response().ended()) {
                            tell(request, came, message);
                          }
                        }));
  }

  private static <T> void tell(
      HttpServerRequest request, LeaseReply<T> reply, Function<T, Bytes> message) {
    switch (reply) {
      case LeaseReply.Stands<T>(T value) ->
          request
              .response()
              .putHeader("Content-Type", "application/protobuf")
              .end(Buffer.buffer(message.apply(value).toArray()));
      case LeaseReply.Gone<T> gone -> PeerApi.text(request.response(), 404, NOT_FOUND);
      case LeaseReply.NotHere<T> not -> PeerApi.text(request.response(), 400, NOT_LEADING);
      case LeaseReply.Failed<T>(String reason) -> PeerApi.text(request.response(), 400, reason);
    }
  }
}
