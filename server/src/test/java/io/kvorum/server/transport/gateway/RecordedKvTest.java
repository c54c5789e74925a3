// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.request.ChangeKeyspace;
import io.kvorum.server.request.KeyspaceAccess;
import io.kvorum.server.request.KeyspaceLimits;
import io.kvorum.server.request.KeyspaceReading;
import io.kvorum.server.request.ReadKeyspace;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.transport.net.CrossOrigin;
import io.kvorum.server.transport.net.HttpExchanges;
import io.kvorum.server.transport.net.HttpListener;
import io.kvorum.server.transport.net.LongPolls;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.v3.Gate;
import io.kvorum.server.transport.v3.Headers;
import io.kvorum.server.transport.v3.KvService;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What etcd 3.4.23 answered to 128 requests of its KV service over JSON, in a row, put to ours:
 * gateway, service, requests and keyspace, with a log that applies at once.
 */
class RecordedKvTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Where a newer etcd is followed on purpose, and how. */
  private static final Map<Long, String> DEPARTURES =
      Map.of(
          55L, "400: a sort order that does not exist is an error since 3.6",
          69L, "200: both alphabets of base64 since 3.6",
          72L, "501: a wrong method, in the words of 3.6",
          73L, "404: an unknown route, in the words of 3.6",
          74L, "501: a wrong method, in the words of 3.6",
          76L, "404: in the words of this port's other routes");

  private final MemoryEngine engine = new MemoryEngine(Keyspace.tables());
  private final Keyspace keyspace = Keyspace.open(engine);
  private final Vertx vertx = Vertx.vertx();

  @Test
  void everyStepIsAnsweredAsRecorded() throws IOException {
    var address = listen();
    List<String> wrong = new ArrayList<>();
    int steps = 0;
    for (var step : recorded()) {
      long number = (Long) part(step, "n");
      HttpReply reply = send(address, step);
      long expected = (Long) part(step, "status");
      var departure = DEPARTURES.get(number);
      if (departure != null) {
        expected = Long.parseLong(departure.substring(0, 3));
      }
      steps++;
      if (reply.status() != expected) {
        wrong.add(number + ": status " + reply.status() + ", recorded " + expected);
      }
      if (departure == null) {
        var theirs = parse((String) part(step, "response_body"));
        var ours = parse(reply.body());
        if (!same(theirs, ours, expected)) {
          wrong.add(number + ": " + reply.body() + "\n  recorded " + part(step, "response_body"));
        }
      }
    }
    assertEquals(128, steps);
    assertEquals(List.of(), wrong, String.join("\n", wrong));
    vertx.close().toCompletionStage().toCompletableFuture().join();
    keyspace.close();
  }

  /** Of an error what clients look at; texts of decoders are their own. */
  private static boolean same(Object theirs, Object ours, long status) {
    if (status == 200) {
      return theirs.equals(ours);
    }
    var message = (String) part(theirs, "message");
    return part(theirs, "code").equals(part(ours, "code"))
        && (message.equals(part(ours, "message")) || !message.startsWith("etcdserver:"));
  }

  private static Object part(Object object, String name) {
    return Objects.requireNonNull(((Map<?, ?>) object).get(name), name);
  }

  private HttpReply send(InetSocketAddress address, Object step) throws IOException {
    var body = Optional.ofNullable((String) ((Map<?, ?>) step).get("request_body"));
    return HttpStream.exchange(
        address,
        new HttpCall(
            (String) part(step, "method"),
            (String) part(step, "path"),
            List.of(new Header("Content-Type", "application/json")),
            body),
        PATIENCE);
  }

  private InetSocketAddress listen() {
    KeyspaceReading views =
        new KeyspaceReading() {
          @Override
          public <T> T read(Function<KeyspaceView, T> reading) {
            return keyspace.read(reading);
          }
        };
    // The recorded server ran with these.
    var limits = new KeyspaceLimits(8, 65_536);
    var reading =
        new ReadKeyspace(
            KeyspaceAccess.OFF, views, () -> CompletableFuture.completedFuture(null), limits);
    var methods = new RpcMethods();
    new KvService(
            reading,
            new ChangeKeyspace(KeyspaceAccess.OFF, reading, this::propose, limits),
            new Headers(
                new MemberId(9106758761860774040L), new MemberId(6917382024403977785L), () -> 2),
            new Gate(() -> true))
        .register(methods);
    var polls = new LongPolls();
    var exchanges = new HttpExchanges(new StoppedClock(), polls, new CrossOrigin(List.of("*")));
    var gateway =
        new Gateway(
            exchanges,
            methods,
            65_536 + 524_288,
            request -> request.response().setStatusCode(404).end("404 page not found\n"));
    return new HttpListener(vertx, 1, polls, gateway)
        .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
        .toCompletableFuture()
        .join()
        .get(0);
  }

  private synchronized CompletableFuture<Applied> propose(Command command) {
    var batch = new Batch();
    var change = (KeyspaceCommand) ((V3Request) command).command();
    Outcome outcome = keyspace.apply(change, lease -> false, batch);
    engine.write(batch);
    keyspace.publish();
    return CompletableFuture.completedFuture(new Applied(outcome, 9, 2));
  }

  private static List<Object> recorded() throws IOException {
    try (InputStream in = RecordedKvTest.class.getResourceAsStream("recorded-kv.jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(RecordedKvTest::parse)
          .toList();
    }
  }

  /** Objects as maps, arrays as lists, whole numbers as {@code Long}. */
  private static Object parse(String text) {
    var json = new JsonReader(Bytes.utf8(text));
    return json.isAtEnd() ? "" : value(json);
  }

  private static Object value(JsonReader json) {
    return switch (json.peek()) {
      case OBJECT -> {
        Map<String, Object> members = new HashMap<>();
        json.beginObject();
        while (json.nextMember()) {
          members.put(json.name(), value(json));
        }
        yield members;
      }
      case ARRAY -> {
        List<Object> elements = new ArrayList<>();
        json.beginArray();
        while (json.nextElement()) {
          elements.add(value(json));
        }
        yield elements;
      }
      case STRING -> json.text();
      case NUMBER -> json.signed();
      case BOOLEAN -> json.bool();
      case NULL -> {
        json.skip();
        yield "null";
      }
    };
  }

  private static final class StoppedClock implements Clock {
    @Override
    public long unixNanos() {
      return 0;
    }

    @Override
    public long monotonicNanos() {
      return 0;
    }
  }
}
