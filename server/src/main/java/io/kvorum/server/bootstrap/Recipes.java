// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.command.LeaseResult;
import io.kvorum.server.recipe.Leasing;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leases of locks and elections, as the Lease service makes and keeps them. */
record Recipes(LeaseParts leases) implements Leasing {

  private static final Logger LOG = LoggerFactory.getLogger(Recipes.class);

  @Override
  public CompletableFuture<Answer<Long>> grant(Caller caller, long ttlSeconds) {
    return Answer.map(leases.changing().grant(caller, 0, ttlSeconds), Recipes::id);
  }

  private static long id(LeaseResult result) {
    if (result instanceof LeaseResult.Granted granted) {
      return granted.id();
    }
    throw new IllegalStateException("a grant answered " + result);
  }

  @Override
  public void renew(Caller caller, long id) {
    leases
        .keeping()
        .renew(caller, id)
        .whenComplete(
            (answer, broken) -> {
              if (!(answer instanceof Answer.Done<Long>)) {
                LOG.atWarn()
                    .addKeyValue("lease", Long.toHexString(id))
                    .log("the lease of a waiting lock or candidate was not renewed");
              }
            });
  }
}
