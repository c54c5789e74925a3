// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.server.request.Answer;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Futures of answers should not fail; when one does, that is a fault of ours. */
final class Unfailing {
  private static final Logger LOG = LoggerFactory.getLogger(Unfailing.class);

  private Unfailing() {}

  /** The same future, but a failure is logged and the client gets an internal error. */
  static <T> CompletableFuture<Answer<T>> of(CompletableFuture<Answer<T>> future) {
    return future.exceptionally(
        broken -> {
          LOG.atError().setCause(broken).log("a call broke");
          return new Answer.Failed<>("etcdserver: internal error", true);
        });
  }
}
