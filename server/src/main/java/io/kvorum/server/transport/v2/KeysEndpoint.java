// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.server.command.TreeCommand.Condition;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.observe.Metrics;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.KeyChange;
import io.kvorum.server.request.KeyName;
import io.kvorum.server.request.KeyResult;
import io.kvorum.server.request.RaftPosition;
import io.kvorum.server.request.ReadKey;
import io.kvorum.server.request.WatchKey;
import io.kvorum.server.transport.net.FormFields;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpAnswer.Header;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.MediaType;
import io.kvorum.server.transport.net.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** {@code /v2/keys}: reads parameters, calls the use case, encodes what came of it. */
final class KeysEndpoint implements Endpoint {
  private static final int FORM_BYTES_MAX = 10 << 20;
  private static final String PREFIX = "/v2/keys";

  private final KeyRequests requests;
  private final Clock clock;
  private final Header clusterId;
  private final KeyMetrics metrics;

  KeysEndpoint(KeyRequests requests, Clock clock, Header clusterId, Metrics metrics) {
    this.requests = requests;
    this.clock = clock;
    this.clusterId = clusterId;
    this.metrics = new KeyMetrics(metrics);
  }

  @Override
  public void serve(HttpExchange exchange, RequestTarget target) {
    var form = new FormFields();
    boolean mayHaveForm = exchange.method().equals("PUT") || exchange.method().equals("POST");
    var type =
        mayHaveForm
            ? MediaType.parse(exchange.header(HttpAnswer.CONTENT_TYPE).orElse(""))
            : MediaType.NONE;
    type.error().ifPresent(form::fail);
    if (type.isForm()) {
      exchange.readBody(
          FORM_BYTES_MAX,
          body -> {
            form.addBody(body);
            serve(exchange, target, form);
          },
          () -> {
            form.fail("http: POST too large");
            serve(exchange, target, form);
          });
    } else {
      serve(exchange, target, form);
    }
  }

  private void serve(HttpExchange exchange, RequestTarget target, FormFields form) {
    target.query().ifPresent(form::addQuery);
    try {
      var parameters = KeyParameters.of(form, exchange.method());
      metrics.received(exchange.method());
      serve(new Call(exchange, key(target), caller(exchange), clock.monotonicNanos()), parameters);
    } catch (KeyFault fault) {
      exchange.answer(ErrorTable.key(fault).with(clusterId));
    }
  }

  /** One request on its way. */
  private record Call(HttpExchange exchange, KeyName key, Caller caller, long since) {}

  private static KeyName key(RequestTarget target) {
    byte[] path = target.path().substring(PREFIX.length()).getBytes(StandardCharsets.ISO_8859_1);
    return KeyName.of(Bytes.wrap(path));
  }

  static Caller caller(HttpExchange exchange) {
    return new Caller(exchange.remoteAddress(), exchange.header("Authorization"));
  }

  private void serve(Call call, KeyParameters given) {
    var flags = given.flags();
    switch (call.exchange().method()) {
      case "GET" -> {
        if (flags.waits()) {
          watch(call, given);
        } else {
          read(call, flags, flags.quorum());
        }
      }
      case "HEAD" -> read(call, flags, false);
      case "PUT" ->
          change(
              call,
              new KeyChange.Put(
                  given.value(),
                  flags.dir(),
                  given.timeToLive(),
                  given.prevExist(),
                  condition(given),
                  given.refresh()));
      case "POST" ->
          change(call, new KeyChange.Post(given.value(), flags.dir(), given.timeToLive()));
      default ->
          change(call, new KeyChange.Remove(flags.dir(), flags.recursive(), condition(given)));
    }
  }

  private static Condition condition(KeyParameters given) {
    return new Condition(given.prevValue(), given.prevIndex());
  }

  private void read(Call call, KeyParameters.Flags flags, boolean quorum) {
    var how = new ReadKey.How(flags.recursive(), flags.sorted(), quorum);
    reply(call, requests.read().read(call.caller(), call.key(), how));
  }

  /** Behind everything that this turn of the loop reads: what came together goes together. */
  private void change(Call call, KeyChange change) {
    call.exchange()
        .later(() -> reply(call, requests.change().change(call.caller(), call.key(), change)));
  }

  /** Encodes on the event loop, whichever thread ends the future. */
  private void reply(Call call, CompletableFuture<Answer<KeyResult>> future) {
    then(call, Unfailing.of(future), answer -> send(call, answer));
  }

  /** Goes on at once when there is an answer already: we are on the event loop then. */
  private static <T> void then(
      Call call, CompletableFuture<Answer<T>> future, Consumer<Answer<T>> next) {
    if (future.isDone()) {
      next.accept(future.join());
    } else {
      var unused = future.thenAccept(answer -> call.exchange().later(() -> next.accept(answer)));
    }
  }

  private void send(Call call, Answer<KeyResult> answer) {
    String method = call.exchange().method();
    if (answer instanceof Answer.Done<KeyResult>(KeyResult(var event, var position))) {
      metrics.succeeded(method, clock.monotonicNanos() - call.since());
      call.exchange().answer(success(event, position));
    } else {
      var error = ErrorTable.key(answer).with(clusterId);
      metrics.failed(method, error.status());
      call.exchange().answer(error);
    }
  }

  private HttpAnswer success(TreeEvent event, RaftPosition position) {
    boolean created =
        switch (event.action()) {
          case CREATE -> true;
          case SET -> event.previous().isEmpty();
          case GET, UPDATE, DELETE, COMPARE_AND_SWAP, COMPARE_AND_DELETE, EXPIRE -> false;
        };
    return new HttpAnswer(
        created ? 201 : 200,
        headers(event.index(), position),
        KeysJson.event(event, clock.unixNanos()));
  }

  private List<Header> headers(long index, RaftPosition position) {
    return List.of(
        HttpAnswer.JSON,
        clusterId,
        new Header(KeysJson.ETCD_INDEX, Long.toString(index)),
        new Header(KeysJson.RAFT_INDEX, Long.toString(position.applied())),
        new Header(KeysJson.RAFT_TERM, Long.toString(position.term())));
  }

  private void watch(Call call, KeyParameters given) {
    var flags = given.flags();
    var what = new WatchKey.What(call.key(), flags.recursive(), flags.stream(), given.waitIndex());
    var stream = new EventStream(call.exchange(), clock, flags.stream());
    var future = Unfailing.of(requests.watch().watch(call.caller(), what, stream::ready));
    then(call, future, answer -> begin(call, stream, answer));
  }

  private void begin(Call call, EventStream stream, Answer<WatchKey.Started> answer) {
    if (answer
        instanceof Answer.Done<WatchKey.Started>(WatchKey.Started(var events, var position))) {
      var head = headers(events.startIndex(), position);
      stream.begin(new HttpAnswer(200, head, Bytes.EMPTY), events);
    } else {
      call.exchange().answer(ErrorTable.key(answer).with(clusterId));
    }
  }
}
