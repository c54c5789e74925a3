// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.env.Timers;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The lease of one call. A caller that brings none gets one, which is kept alive for as long as the
 * call runs and no longer; so does etcd.
 */
final class Session {

  private static final long TTL_SECONDS = 60;
  private static final Duration RENEWAL_PERIOD = Duration.ofSeconds(TTL_SECONDS / 3);

  private Session() {}

  /** Lets {@code use} have the lease; it is kept until that has ended. */
  static <T> CompletableFuture<Answer<T>> with(
      Ingredients ingredients,
      Caller caller,
      long lease,
      Function<Long, CompletableFuture<Answer<T>>> use) {
    return lease != 0
        ? use.apply(lease)
        : Answer.then(
            ingredients.leasing().grant(caller, TTL_SECONDS),
            granted -> {
              Timers.Cancellable renewal =
                  ingredients
                      .timers()
                      .every(RENEWAL_PERIOD, () -> ingredients.leasing().renew(caller, granted));
              return use.apply(granted).whenComplete((answer, broken) -> renewal.cancel());
            });
  }
}
