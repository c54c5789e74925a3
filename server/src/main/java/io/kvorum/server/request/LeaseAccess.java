// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.AuthState;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.lease.LeaseView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/**
 * Decides who may do what with leases. Callable from any thread; never blocks. Source: what etcd
 * 3.7 asks for when authentication is on.
 */
@FunctionalInterface
public interface LeaseAccess {

  /** As long as authentication is off: everybody may do everything. */
  LeaseAccess OFF = (caller, deed) -> KeyspaceAccess.NOBODY;

  /** What somebody wants to do. */
  sealed interface Deed {
    /** For any user who has logged in. */
    record Grant() implements Deed {}

    /** For who may write all its keys. */
    record Revoke(long id) implements Deed {}

    /** For who may write all its keys. */
    record Renew(long id) implements Deed {}

    /** For any user who has logged in; with keys, for who may read them. */
    record Look(long id, boolean keys) implements Deed {}

    /** For who may read all keys of all leases. */
    record ListAll() implements Deed {}
  }

  /**
   * By the users and roles there are.
   *
   * @param attached the keys that hang on a lease
   */
  static LeaseAccess of(
      KeyspaceAccess keyspace,
      AdminAccess admin,
      LeaseView leases,
      LongFunction<List<Bytes>> attached) {
    return (caller, deed) ->
        switch (deed) {
          case Deed.Grant grant -> admin.admit(caller, AdminAccess.Right.ANY_USER);
          case Deed.Revoke(long id) ->
              keyspace.admit(caller, AuthState.Deed.WRITE, () -> attached.apply(id));
          case Deed.Renew(long id) ->
              keyspace.admit(caller, AuthState.Deed.WRITE, () -> attached.apply(id));
          case Deed.Look(long id, boolean keys) ->
              Answer.then(
                  admin.admit(caller, AdminAccess.Right.ANY_USER),
                  user ->
                      keys
                          ? keyspace.admit(caller, AuthState.Deed.READ, () -> attached.apply(id))
                          : Answer.now(new Answer.Done<>(user)));
          case Deed.ListAll all ->
              keyspace.admit(caller, AuthState.Deed.READ, () -> keysOfAll(leases, attached));
        };
  }

  private static List<Bytes> keysOfAll(LeaseView leases, LongFunction<List<Bytes>> attached) {
    List<Bytes> keys = new ArrayList<>();
    leases.forEach(lease -> keys.addAll(attached.apply(lease.id())));
    return keys;
  }

  /** Who {@code caller} is, if that is permitted. */
  CompletableFuture<Answer<Requester>> admit(Caller caller, Deed deed);
}
