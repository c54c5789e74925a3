// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.AuthPaths;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.consensus.Proposals.Applied;
import java.util.concurrent.CompletableFuture;

/**
 * Writes the documents of users and roles with ordinary commands of the tree.
 *
 * <p>The first write of each member since its start is preceded by four more, which make the
 * directories and the switch where they are missing, as the recorded indexes show.
 */
public final class AuthWriter {
  private final Proposals proposals;
  private volatile boolean prepared;

  public AuthWriter(Proposals proposals) {
    this.proposals = proposals;
  }

  CompletableFuture<Outcome> create(Bytes path, Bytes document) {
    return write(new TreeCommand.Create(path, false, document, 0));
  }

  CompletableFuture<Outcome> update(Bytes path, Bytes document) {
    return write(new TreeCommand.Update(path, document, 0, false));
  }

  CompletableFuture<Outcome> delete(Bytes path) {
    return write(new TreeCommand.Delete(path, false, false));
  }

  private CompletableFuture<Outcome> write(TreeCommand command) {
    return prepare().thenCompose(ready -> propose(command));
  }

  private CompletableFuture<Outcome> propose(TreeCommand command) {
    return proposals.propose(command).thenApply(Applied::outcome);
  }

  /** What is there already refuses to be created, and stays. */
  private CompletableFuture<Outcome> prepare() {
    var ready = CompletableFuture.<Outcome>completedFuture(new Outcome.Done());
    if (prepared) {
      return ready;
    }
    for (var directory : AuthPaths.DIRECTORIES) {
      ready =
          ready.thenCompose(
              made -> propose(new TreeCommand.Create(directory, true, Bytes.EMPTY, 0)));
    }
    var off = new TreeCommand.Create(AuthPaths.ENABLED, false, Bytes.utf8("false"), 0);
    return ready
        .thenCompose(made -> propose(off))
        .thenApply(
            made -> {
              prepared = true;
              return made;
            });
  }
}
