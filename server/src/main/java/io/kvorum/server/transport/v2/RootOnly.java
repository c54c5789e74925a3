// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.request.Access;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Authorisation;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.RequestTarget;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Lets only root through, before the request's content is looked at: etcd 2.3.7 checks in this
 * order. The use case behind checks again, on its own account.
 *
 * @param isOpen the methods that everybody may use
 */
record RootOnly(
    Authorisation authorisation, Access access, Predicate<String> isOpen, Endpoint behind)
    implements Endpoint {

  @Override
  public void serve(HttpExchange exchange, RequestTarget target) {
    if (isOpen.test(exchange.method())) {
      behind.serve(exchange, target);
      return;
    }
    var asked =
        Unfailing.of(
            authorisation.ifPermitted(
                KeysEndpoint.caller(exchange), access, () -> Answer.now(new Answer.Done<>(true))));
    if (asked.isDone()) {
      goOn(exchange, target, asked.join());
    } else {
      wait(exchange, target, asked);
    }
  }

  private void wait(
      HttpExchange exchange, RequestTarget target, CompletableFuture<Answer<Boolean>> asked) {
    exchange.pause();
    var unused =
        asked.thenAccept(
            answer ->
                exchange.later(
                    () -> {
                      goOn(exchange, target, answer);
                      exchange.resume();
                    }));
  }

  private void goOn(HttpExchange exchange, RequestTarget target, Answer<Boolean> answer) {
    if (answer instanceof Answer.Done<Boolean>) {
      behind.serve(exchange, target);
    } else if (answer instanceof Answer.Denied<Boolean>) {
      exchange.answer(HttpAnswer.message(401, "Insufficient credentials"));
    } else {
      exchange.answer(ErrorTable.internal());
    }
  }
}
