// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens on a set of addresses and hands every request to one handler, on several event loops: a
 * connection stays on the loop that accepted it.
 *
 * <p>Each loop has its own server per address; the library shares the socket among them. All of
 * them must be shut down, as the others would go on accepting.
 */
public final class HttpListener {
  /** Go's default limit for a whole request head; v2 values may stand in the query string. */
  private static final int HEAD_BYTES_MAX = 1 << 20;

  /** Streams of one HTTP/2 connection; beyond, a client waits. Watches hold one each for long. */
  private static final int STREAMS_MAX = 1 << 16;

  /** What clients may have under way on one connection, all streams together. */
  private static final int CONNECTION_WINDOW_BYTES = 1 << 20;

  /** A gRPC client gives up a call with a reset; more than so many in 30 s are an attack. */
  private static final int RESETS_MAX = 100_000;

  private static final AtomicInteger ANY_PORT = new AtomicInteger();

  private final Vertx vertx;
  private final int workers;
  private final long streamsMax;
  private final LongPolls polls;
  private final Handler<HttpServerRequest> handler;
  private final List<Loop> loops = new CopyOnWriteArrayList<>();

  /**
   * Creates a listener that does not listen yet.
   *
   * @param workers how many of the library's event loops serve connections
   * @param polls the long polls that {@link #stop} is to cut: those of {@code handler}
   */
  public HttpListener(
      Vertx vertx, int workers, LongPolls polls, Handler<HttpServerRequest> handler) {
    this(vertx, workers, STREAMS_MAX, polls, handler);
  }

  /**
   * The same with another bound on the streams of one HTTP/2 connection.
   *
   * @param streamsMax what goes beyond 65536 counts as that
   */
  public HttpListener(
      Vertx vertx,
      int workers,
      long streamsMax,
      LongPolls polls,
      Handler<HttpServerRequest> handler) {
    this.vertx = vertx;
    this.workers = workers;
    this.streamsMax = Math.clamp(streamsMax, 1, STREAMS_MAX);
    this.polls = polls;
    this.handler = handler;
  }

  /**
   * Begins to listen; ends with the addresses in the order given, a port 0 replaced by the one the
   * system chose. Fails with the library's bind exception.
   */
  public CompletionStage<List<InetSocketAddress>> start(List<InetSocketAddress> addresses) {
    var places = addresses.stream().map(Place::of).toList();
    var deployed = new ArrayList<Future<?>>();
    for (int i = 0; i < workers; i++) {
      var loop = new Loop(places);
      loops.add(loop);
      deployed.add(vertx.deployVerticle(loop, new DeploymentOptions()));
    }
    return Future.join(deployed).map(all -> bound(addresses)).toCompletionStage();
  }

  private List<InetSocketAddress> bound(List<InetSocketAddress> addresses) {
    var bound = new ArrayList<InetSocketAddress>();
    for (int i = 0; i < addresses.size(); i++) {
      bound.add(withPort(addresses.get(i), loops.get(0).servers.get(i).actualPort()));
    }
    return List.copyOf(bound);
  }

  /** Where to bind. The library shares a port the system chooses among those who ask for one -n. */
  private record Place(String host, int port) {
    static Place of(InetSocketAddress address) {
      return new Place(
          address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress(),
          address.getPort() == 0 ? -ANY_PORT.incrementAndGet() : address.getPort());
    }
  }

  /**
   * Takes no new connection, cuts long polls, lets requests in flight finish for at most {@code
   * grace}, closes everything.
   */
  public CompletionStage<Void> stop(Duration grace) {
    polls.cut();
    var closing = new ArrayList<Future<?>>();
    for (var loop : loops) {
      for (var server : loop.servers) {
        closing.add(server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS));
      }
    }
    return Future.join(closing).<Void>mapEmpty().toCompletionStage();
  }

  private final class Loop extends VerticleBase {
    private final List<Place> places;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    Loop(List<Place> places) {
      this.places = places;
    }

    @Override
    public Future<?> start() {
      return Future.all(places.stream().map(this::listen).toList());
    }

    private Future<?> listen(Place place) {
      var server =
          vertx
              .createHttpServer(options().setHost(place.host()).setPort(place.port()))
              .requestHandler(handler)
              .connectionHandler(HttpListener::receive)
              .invalidRequestHandler(BadRequest::answer);
      servers.add(server);
      return server.listen();
    }
  }

  /** A connection that breaks is the other side's affair, not an error of this one. */
  private static void receive(HttpConnection connection) {
    connection.exceptionHandler(broken -> {});
    AnyAuthority.on(connection);
  }

  private static InetSocketAddress withPort(InetSocketAddress address, int port) {
    return address.isUnresolved()
        ? InetSocketAddress.createUnresolved(address.getHostString(), port)
        : new InetSocketAddress(address.getAddress(), port);
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setTcpKeepAlive(true)
        .setTcpNoDelay(true)
        .setHandle100ContinueAutomatically(true)
        // Nobody speaks WebSocket here, and each costs every request a step of its pipeline.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setMaxInitialLineLength(HEAD_BYTES_MAX)
        .setMaxHeaderSize(HEAD_BYTES_MAX)
        .setAcceptBacklog(1024)
        .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(streamsMax))
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
        .setHttp2RstFloodMaxRstFramePerWindow(RESETS_MAX);
  }
}
