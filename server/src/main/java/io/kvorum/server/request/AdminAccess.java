// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.V3Request.Requester;
import java.util.concurrent.CompletableFuture;

/**
 * Decides who may run the cluster through the v3 API. Callable from any thread; never blocks.
 * Source: what etcd 3.7 asks for when authentication is on.
 */
public interface AdminAccess {

  /** As long as authentication is off: everybody may do everything. */
  AdminAccess OFF = (caller, right) -> KeyspaceAccess.NOBODY;

  /** What a caller has to be. */
  enum Right {
    /** Any user who has logged in. */
    ANY_USER,
    /** One with the role root. */
    ROOT
  }

  /** Who {@code caller} is, if that is enough. */
  CompletableFuture<Answer<Requester>> admit(Caller caller, Right right);
}
