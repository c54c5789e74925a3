// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.Optional;
import java.util.Set;

/**
 * What a store does when calls come one after the other.
 *
 * @param <S> its state; immutable, with {@code equals} and {@code hashCode} by value
 * @param <C> a call
 * @param <A> an answer
 */
public interface Model<S, C, A> {

  /** Before the first call. */
  S initial();

  /**
   * The states that a call may lead to.
   *
   * @param answer what the client was told; empty when it was told nothing, and then the call is
   *     taken to have happened with whatever answer
   * @return empty when a store in that state would not have given that answer; more than one where
   *     the state leaves something open
   */
  Set<S> after(S state, C call, Optional<A> answer);

  /**
   * What the call looks at or changes, at least one key. Calls that are not connected by any chain
   * of shared keys must not influence each other's answers, so they are checked apart.
   */
  Set<String> keys(C call);

  /**
   * Where an answer says that the call stands in the order; in an order that explains all answers
   * these numbers never go down.
   */
  long rank(A answer);

  /** Whether the call changes nothing in any state; then it does not matter if its fate is open. */
  boolean isReadOnly(C call);
}
