// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.base.Urls;
import io.kvorum.server.transport.net.HttpListener;
import io.kvorum.server.transport.net.LongPolls;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port of a member: event loops, the addresses it listens on, and a handler that takes its
 * place later. It listens before the member knows who it is, so that an occupied port is found
 * before anything on disk changes; requests that come meanwhile wait, as they would at a genuine
 * etcd, up to a bound.
 */
final class Sockets {

  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  /** Long, as opening is only slow on a machine that is very busy. */
  private static final Duration OPEN_TIME = Duration.ofSeconds(60);

  private static final int WAITING_MAX = 1024;

  /** A loop that does not turn for this long is worth a line; a loaded machine is not. */
  private static final Duration BLOCKED_CHECK = Duration.ofSeconds(10);

  private final String purpose;
  private final Vertx vertx;
  private final LongPolls polls = new LongPolls();
  private final HttpListener listener;
  private final List<Early> waiting = new ArrayList<>();
  private volatile @Nullable Handler<HttpServerRequest> handler;

  /** A request that came before the member could answer, and the loop it belongs to. */
  private record Early(HttpServerRequest request, Context loop) {}

  /**
   * @param purpose for people: {@code peers} or {@code client requests}
   * @param loops event loops, all of them for this port
   * @param streamsMax most streams of one HTTP/2 connection
   */
  Sockets(String purpose, int loops, long streamsMax) {
    this.purpose = purpose;
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(loops)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setPreferNativeTransport(true)
                .setBlockedThreadCheckInterval(BLOCKED_CHECK.toMillis())
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    listener = new HttpListener(vertx, loops, streamsMax, polls, this::arrived);
  }

  void listen(List<String> urls) {
    for (String url : urls) {
      InetSocketAddress address = new InetSocketAddress(Urls.host(url), Urls.port(url));
      if (address.isUnresolved()) {
        throw new StartFailure("listen " + url + ": cannot resolve the host name");
      }
    }
    List<InetSocketAddress> addresses =
        urls.stream()
            .map(url -> new InetSocketAddress(Urls.host(url), Urls.port(url)))
            .distinct()
            .toList();
    try {
      listener.start(addresses).toCompletableFuture().get(OPEN_TIME.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException | TimeoutException failure) {
      throw new StartFailure(
          "listen tcp "
              + String.join(",", addresses.stream().map(Sockets::text).toList())
              + ": bind: "
              + reason(failure),
          "another process may be listening there, or the address is not one of this machine");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted");
    }
    urls.forEach(url -> LOG.info("listening for {} on {}", purpose, url));
  }

  /** From now on requests are served, those that waited first. */
  void serve(Handler<HttpServerRequest> next) {
    List<Early> early;
    synchronized (waiting) {
      handler = next;
      early = List.copyOf(waiting);
      waiting.clear();
    }
    for (Early one : early) {
      one.loop.runOnContext(
          ignored -> {
            one.request.resume();
            next.handle(one.request);
          });
    }
  }

  private void arrived(HttpServerRequest request) {
    Handler<HttpServerRequest> serving = handler;
    if (serving != null) {
      serving.handle(request);
    } else {
      keep(request);
    }
  }

  private void keep(HttpServerRequest request) {
    Handler<HttpServerRequest> serving;
    synchronized (waiting) {
      serving = handler;
      if (serving == null && waiting.size() < WAITING_MAX) {
        request.pause();
        waiting.add(new Early(request, vertx.getOrCreateContext()));
        return;
      }
    }
    (serving == null ? (Handler<HttpServerRequest>) Sockets::refuse : serving).handle(request);
  }

  Vertx vertx() {
    return vertx;
  }

  LongPolls polls() {
    return polls;
  }

  void stopListening(Duration grace) {
    serve(Sockets::refuse);
    join(listener.stop(grace).toCompletableFuture(), grace.plusSeconds(1));
  }

  void close() {
    join(vertx.close().toCompletionStage().toCompletableFuture(), OPEN_TIME);
  }

  private static void join(CompletableFuture<?> future, Duration patience) {
    try {
      future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      LOG.atWarn().addKeyValue("error", failure.toString()).log("closing a listener");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static String reason(Exception failure) {
    if (failure instanceof TimeoutException) {
      return "not open after " + OPEN_TIME.toSeconds() + " s: is this machine overloaded?";
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.contains("in use") ? "address already in use" : message;
  }

  private static void refuse(HttpServerRequest request) {
    request.response().setStatusCode(503).end("member is starting or stopping\n");
  }
}
