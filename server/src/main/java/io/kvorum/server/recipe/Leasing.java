// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import java.util.concurrent.CompletableFuture;

/** Leases for those who bring none. Callable from any thread. */
public interface Leasing {

  /** Grants a lease; its id. */
  CompletableFuture<Answer<Long>> grant(Caller caller, long ttlSeconds);

  /** Gives a lease its full time again. What becomes of it is not told. */
  void renew(Caller caller, long id);
}
