// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Decides who may do what. Callable from any thread; checking a password may take a while. */
public interface Authorisation {

  /** As long as authentication is off: everybody may do everything. */
  Authorisation OFF = (caller, access) -> Verdict.ALLOWED;

  /**
   * Ends with whether {@code caller} may; never blocks. Fails with a {@code ConsensusFailure} when
   * there are too many passwords to check.
   */
  CompletableFuture<Boolean> permits(Caller caller, Access access);

  /** Goes on with {@code then} when permitted, answers {@link Answer.Denied} otherwise. */
  default <T> CompletableFuture<Answer<T>> ifPermitted(
      Caller caller, Access access, Supplier<CompletableFuture<Answer<T>>> then) {
    return permits(caller, access)
        .handle(
            (permitted, failed) -> {
              if (failed != null) {
                return Answer.now(Answer.<T>failed(failed));
              }
              return permitted ? then.get() : Answer.now(new Answer.Denied<T>());
            })
        .thenCompose(Function.identity());
  }
}
