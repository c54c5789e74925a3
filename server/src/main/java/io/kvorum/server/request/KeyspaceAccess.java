// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.V3Request.Requester;
import java.util.concurrent.CompletableFuture;

/** Decides who may do what to the v3 keyspace. Callable from any thread; never blocks. */
public interface KeyspaceAccess {

  /** As long as authentication is off: everybody may do everything. */
  KeyspaceAccess OFF =
      new KeyspaceAccess() {
        @Override
        public CompletableFuture<Answer<Requester>> admit(Caller caller, Operation operation) {
          return NOBODY;
        }

        @Override
        public CompletableFuture<Answer<Requester>> admit(
            Caller caller, KeyspaceCommand.Compact compact) {
          return NOBODY;
        }
      };

  /** What a caller is while authentication is off. */
  CompletableFuture<Answer<Requester>> NOBODY = Answer.now(new Answer.Done<>(Requester.NOBODY));

  /** Who {@code caller} is, if everything in {@code operation} is permitted. */
  CompletableFuture<Answer<Requester>> admit(Caller caller, Operation operation);

  /** Who {@code caller} is, if compacting is permitted. */
  CompletableFuture<Answer<Requester>> admit(Caller caller, KeyspaceCommand.Compact compact);
}
