// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.AuthState.Deed;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request.Requester;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Which permissions an operation of the v3 keyspace needs, in the order in which etcd looks.
 *
 * <p>There are two readings. In a transaction, 3.4 looks neither into transactions within it nor at
 * the lease and the previous value of a put; whoever applies its log has to do the same, or data
 * would differ. A request is held against all of it before it is proposed.
 */
public final class KeyspaceRules {

  private final AuthState state;
  private final Requester requester;
  private final LongFunction<List<Bytes>> attached;
  private final boolean thorough;

  private KeyspaceRules(
      AuthState state, Requester requester, LongFunction<List<Bytes>> attached, boolean thorough) {
    this.state = state;
    this.requester = requester;
    this.attached = attached;
    this.thorough = thorough;
  }

  /**
   * The rules for requests.
   *
   * @param attached the keys that hang on a lease
   */
  public static KeyspaceRules ofRequests(
      AuthState state, Requester requester, LongFunction<List<Bytes>> attached) {
    return new KeyspaceRules(state, requester, attached, true);
  }

  /** The rules for what is in the log. */
  public static KeyspaceRules ofTheLog(
      AuthState state, Requester requester, LongFunction<List<Bytes>> attached) {
    return new KeyspaceRules(state, requester, attached, false);
  }

  /** Why {@code operation} is not permitted; empty when it is. */
  public Optional<Reason> objection(Operation operation) {
    if (!state.enabled()) {
      return Optional.empty();
    }
    return switch (operation) {
      case RangeQuery range -> reading(range.key(), range.rangeEnd());
      case Put put -> put(put);
      case DeleteRange delete ->
          writing(delete.key(), delete.rangeEnd())
              .or(
                  () ->
                      delete.previous()
                          ? reading(delete.key(), delete.rangeEnd())
                          : Optional.empty());
      case Txn txn -> txn(txn);
    };
  }

  /** Why the keys that hang on {@code lease} may not be written; empty when they may. */
  public Optional<Reason> objectionToLease(long lease) {
    if (!state.enabled()) {
      return Optional.empty();
    }
    return first(attached.apply(lease), key -> writing(key, Bytes.EMPTY));
  }

  /** Why a range may not be read; empty when it may. */
  public Optional<Reason> reading(Bytes key, Bytes rangeEnd) {
    return state.objection(requester, Deed.READ, key, rangeEnd);
  }

  /** Why a range may not be written; empty when it may. */
  public Optional<Reason> writing(Bytes key, Bytes rangeEnd) {
    return state.objection(requester, Deed.WRITE, key, rangeEnd);
  }

  private Optional<Reason> put(Put put) {
    return writing(put.key(), Bytes.EMPTY)
        .or(() -> put.lease() == 0 ? Optional.empty() : objectionToLease(put.lease()))
        .or(() -> put.previous() ? reading(put.key(), Bytes.EMPTY) : Optional.empty());
  }

  private Optional<Reason> txn(Txn txn) {
    return first(txn.compares(), (Compare compare) -> reading(compare.key(), compare.rangeEnd()))
        .or(() -> first(txn.success(), this::inner))
        .or(() -> first(txn.failure(), this::inner));
  }

  private Optional<Reason> inner(Operation operation) {
    return switch (operation) {
      case Put put -> thorough ? put(put) : writing(put.key(), Bytes.EMPTY);
      case Txn nested -> thorough ? txn(nested) : Optional.empty();
      case RangeQuery range -> objection(range);
      case DeleteRange delete -> objection(delete);
    };
  }

  private interface Rule<T> {
    Optional<Reason> objection(T subject);
  }

  private static <T> Optional<Reason> first(List<? extends T> subjects, Rule<T> rule) {
    for (T subject : subjects) {
      Optional<Reason> objection = rule.objection(subject);
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }
}
