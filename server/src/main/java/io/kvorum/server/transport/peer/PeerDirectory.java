// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks other members' peer ports simple questions. Callable from any thread. */
public final class PeerDirectory {

  private static final int OK = 200;

  private final Vertx vertx;
  private final HttpClient client;

  /**
   * What a member answered.
   *
   * @param cluster as its header says, if it does
   */
  public record Answer(Bytes body, Optional<MemberId> cluster) {}

  /**
   * What a member said to a request.
   *
   * @param status 0 when it was sent and nothing came back in time
   */
  public record Reply(int status, Bytes body) {
    static final Reply NONE = new Reply(0, Bytes.EMPTY);
  }

  public PeerDirectory(Vertx vertx) {
    this.vertx = vertx;
    client =
        vertx
            .httpClientBuilder()
            .with(new HttpClientOptions().setConnectTimeout(1_000))
            // Who asks hears of it; a neighbour that is gone is no error of this member.
            .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
            .build();
  }

  /**
   * GETs {@code path} from the first of {@code urls} that answers 200 within {@code patience} each;
   * empty when none does.
   */
  public CompletableFuture<Optional<Answer>> ask(
      List<String> urls, String path, Duration patience) {
    CompletableFuture<Optional<Answer>> answer =
        CompletableFuture.completedFuture(Optional.empty());
    for (String url : urls) {
      answer =
          answer.thenCompose(
              found ->
                  found.isPresent()
                      ? CompletableFuture.completedFuture(found)
                      : inTime(url + path, patience));
    }
    return answer;
  }

  /**
   * <<<<<<< HEAD POSTs {@code body} to {@code path} at the first of {@code urls} that can be
   * connected to, once: what reached a member may have had an effect, whether its answer came or
   * not. Empty when none can be connected to.
   */
  public CompletableFuture<Optional<Reply>> send(
      List<String> urls, String path, Bytes body, Duration patience) {
    CompletableFuture<Optional<Reply>> reply = CompletableFuture.completedFuture(Optional.empty());
    for (String url : urls) {
      reply =
          reply.thenCompose(
              found ->
                  found.isPresent()
                      ? CompletableFuture.completedFuture(found)
                      : post(url + path, body, patience).toCompletionStage().toCompletableFuture());
    }
    return reply;
  }

  private Future<Optional<Reply>> post(String uri, Bytes body, Duration patience) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(uri)
                .setTimeout(patience.toMillis())
                .setIdleTimeout(patience.toMillis()))
        .transform(
            connected ->
                connected.failed()
                    ? Future.succeededFuture(Optional.<Reply>empty())
                    : connected
                        .result()
                        .send(Buffer.buffer(body.toArray()))
                        .compose(PeerDirectory::reply)
                        .otherwise(Reply.NONE)
                        .map(Optional::of));
  }

  private static Future<Reply> reply(HttpClientResponse response) {
    return response
        .body()
        .map(body -> new Reply(response.statusCode(), Bytes.wrap(body.getBytes())));
  }

  /**
   * With a timer of its own: whatever becomes of the connection, the asker gets on. A connection
   * that stays silent for a while is given company by a second one; the first answer counts.
   * ======= With a timer of its own: whatever becomes of the connection, the asker gets on. All of
   * it runs on the event loop, for the library hands out a response only once: an asker on another
   * thread who comes to read it a moment late waits for an end that is over. >>>>>>> a5455d2 (wip)
   */
  private CompletableFuture<Optional<Answer>> inTime(String uri, Duration patience) {
    CompletableFuture<Optional<Answer>> answered = new CompletableFuture<>();
    vertx.runOnContext(
        ignored -> {
          long timer =
              vertx.setTimer(patience.toMillis(), late -> answered.complete(Optional.empty()));
          get(uri, patience)
              .onComplete(
                  answer -> {
                    vertx.cancelTimer(timer);
                    answered.complete(answer.succeeded() ? answer.result() : Optional.empty());
                  });
        });
    return answered;
  }

  private Future<Optional<Answer>> get(String uri, Duration patience) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(uri)
                .setTimeout(patience.toMillis())
                .setIdleTimeout(patience.toMillis()))
        .compose(request -> request.send())
        .compose(PeerDirectory::read);
  }

  private static Future<Optional<Answer>> read(HttpClientResponse response) {
    Optional<MemberId> cluster =
        Optional.ofNullable(response.getHeader(PeerIdentity.CLUSTER_ID)).map(MemberId::parseHex);
    return response
        .body()
        .map(
            body ->
                response.statusCode() == OK
                    ? Optional.of(new Answer(Bytes.wrap(body.getBytes()), cluster))
                    : Optional.empty());
  }
}
