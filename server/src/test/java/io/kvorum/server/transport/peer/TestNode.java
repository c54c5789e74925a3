// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.transport.net.HttpListener;
import io.kvorum.server.transport.net.LongPolls;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** One side of the network between members: a port, a network, an inbox, a clock that stands. */
final class TestNode implements AutoCloseable {

  static final long CLUSTER = 0x53ac0d0904a3a0feL;
  static final String VERSION = "3.7.1";
  private static final long PATIENCE_SECONDS = 20;

  final long id;
  final int port;
  final TestInbox inbox = new TestInbox();
  final BlockingQueue<String> removals = new LinkedBlockingQueue<>();
  volatile boolean treeInUse;
  final PeerNetwork network;
  private final Vertx vertx;
  private final HttpListener listener;
  private final AtomicLong nanos = new AtomicLong(1_700_000_000_123_456_789L);
  private volatile Handler<HttpServerRequest> api = request -> request.connection().close();

  TestNode(long id) throws Exception {
    this(id, network -> List.of());
  }

  /** One that serves more than messages. */
  TestNode(long id, Function<PeerNetwork, List<PeerEndpoint>> endpoints) throws Exception {
    this.id = id;
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setPreferNativeTransport(true));
    listener = new HttpListener(vertx, 1, new LongPolls(), request -> api.handle(request));
    port =
        listener
            .start(List.of(new InetSocketAddress("127.0.0.1", 0)))
            .toCompletableFuture()
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .getFirst()
            .getPort();
    network =
        new PeerNetwork(
            vertx,
            new StandingClock(),
            new PeerIdentity(
                new MemberId(id), new MemberId(CLUSTER), VERSION, "test", List.of(url())),
            Duration.ofSeconds(1),
            () -> treeInUse,
            () -> removals.add("removed"));
    api =
        new PeerApi(
            network,
            () -> bytes("[{\"id\":1}]\n"),
            () -> bytes("{\"etcdserver\":\"3.7.1\"}"),
            endpoints.apply(network));
  }

  /** A node that delivers. */
  static TestNode started(long id) throws Exception {
    TestNode node = new TestNode(id);
    node.network.start(node.inbox);
    node.onLoop(() -> {});
    return node;
  }

  /** Time as the test says. */
  private final class StandingClock implements Clock {
    @Override
    public long unixNanos() {
      return nanos.get();
    }

    @Override
    public long monotonicNanos() {
      return nanos.get();
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Lets time pass, then lets the network look at its connections as it does now and then. */
  void pass(Duration time) throws Exception {
    nanos.addAndGet(time.toNanos());
    onLoop(network::beat);
  }

  /** The same, for conditions that wait for what comes with time. */
  boolean passed(Duration time) {
    try {
      pass(time);
      return true;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  void members(List<PeerNetwork.Address> others, Long... removed) throws Exception {
    network.update(others, Set.of(removed));
    onLoop(() -> {});
  }

  /** Runs on the event loop, behind all that was handed to it before. */
  void onLoop(Runnable action) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    vertx.runOnContext(
        ignored -> {
          action.run();
          done.complete(null);
        });
    done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The headers with which {@code from} would come. */
  Map<String, String> headersOf(long from) {
    return new TreeMap<>(
        Map.of(
            "X-Server-From",
            MemberId.hex(from),
            "X-Server-Version",
            VERSION,
            "X-Min-Cluster-Version",
            "3.0.0",
            "X-Etcd-Cluster-ID",
            MemberId.hex(CLUSTER)));
  }

  RawHttp.Reply ask(String method, String path, Map<String, String> headers, byte[] body)
      throws Exception {
    return RawHttp.ask(port, method, path, headers, body);
  }

  /** Waits until {@code fact} holds. */
  static void await(String fact, BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "never: " + fact);
      Thread.onSpinWait();
    }
  }

  /** A state of so many bytes of database. */
  static StateForPeer state(Bytes treeJson, int databaseBytes) {
    return new StateForPeer() {
      @Override
      public Bytes treeJson() {
        return treeJson;
      }

      @Override
      public long databaseBytes() {
        return databaseBytes;
      }

      @Override
      public void writeDatabase(Target target) throws IOException {
        for (int left = databaseBytes; left > 0; left -= 1 << 16) {
          target.write(ByteBuffer.allocate(Math.min(left, 1 << 16)));
        }
      }

      @Override
      public void close() {}
    };
  }

  static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws Exception {
    network.stop();
    vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
