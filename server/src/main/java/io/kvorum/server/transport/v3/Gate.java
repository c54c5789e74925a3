// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.server.request.Caller;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcMethod;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * What etcd asks of every call of its own services, before the service sees it: a learner serves
 * hardly anything, and who wants a leader is sent away when there is none, at once or, on a stream,
 * once there has been none for a while.
 */
public final class Gate {
  private static final String BEARER = "Bearer ";

  /** So many checks in a row without a leader end the streams that want one, as in etcd. */
  private static final int CHECKS_WITHOUT_LEADER = 3;

  private final BooleanSupplier leaderKnown;
  private final BooleanSupplier learner;
  private final Set<RpcCall> wantingLeader = ConcurrentHashMap.newKeySet();
  private int checksWithoutLeader;

  /** The gate of a voter. */
  public Gate(BooleanSupplier leaderKnown) {
    this(leaderKnown, () -> false);
  }

  /**
   * @param leaderKnown whether this member knows a leader now
   * @param learner whether this member is a learner now
   */
  public Gate(BooleanSupplier leaderKnown, BooleanSupplier learner) {
    this.leaderKnown = leaderKnown;
    this.learner = learner;
  }

  /** Whether this member is a learner now. */
  boolean isLearner() {
    return learner.getAsBoolean();
  }

  /** {@code method} for voters, unless the caller wants a leader and there is none. */
  RpcMethod unary(RpcMethod method) {
    return notOnLearners(alsoOnLearners(method));
  }

  /** The same for a method that learners serve as well. */
  RpcMethod alsoOnLearners(RpcMethod method) {
    return call -> {
      if (wantsLeader(call) && !leaderKnown.getAsBoolean()) {
        call.fail(V3Error.NO_LEADER.fault());
      } else {
        method.serve(call);
      }
    };
  }

  /** The same for a call that may last: it also ends when the leader gets lost meanwhile. */
  RpcMethod lasting(RpcMethod method) {
    return notOnLearners(lastingAlsoOnLearners(method));
  }

  /** The same for one that learners serve as well. */
  RpcMethod lastingAlsoOnLearners(RpcMethod method) {
    return RpcMethod.lasting(
        alsoOnLearners(
            call -> {
              if (wantsLeader(call)) {
                wantingLeader.add(call);
                call.onClosed(() -> wantingLeader.remove(call));
              }
              method.serve(call);
            }));
  }

  private RpcMethod notOnLearners(RpcMethod method) {
    RpcMethod refusing =
        call -> {
          if (isLearner()) {
            call.fail(V3Error.NOT_FOR_LEARNERS.fault());
          } else {
            method.serve(call);
          }
        };
    return method.isLasting() ? RpcMethod.lasting(refusing) : refusing;
  }

  /**
   * Ends the streams that want a leader when there has been none in this and the last checks. To be
   * called once per election timeout, by one thread.
   */
  public void checkLeader() {
    checksWithoutLeader = leaderKnown.getAsBoolean() ? 0 : checksWithoutLeader + 1;
    if (checksWithoutLeader >= CHECKS_WITHOUT_LEADER) {
      wantingLeader.forEach(call -> call.later(() -> call.fail(V3Error.NO_LEADER.fault())));
    }
  }

  private static boolean wantsLeader(RpcCall call) {
    return call.metadata("hasleader").filter("true"::equals).isPresent();
  }

  /** Who calls, with the token given. */
  static Caller caller(RpcCall call) {
    return new Caller(call.remoteAddress(), token(call));
  }

  /**
   * The caller's token; the scheme that the JSON gateway's clients put before it does not count.
   */
  static Optional<String> token(RpcCall call) {
    return call.metadata("token")
        .or(() -> call.metadata("authorization"))
        .map(token -> token.startsWith(BEARER) ? token.substring(BEARER.length()) : token);
  }
}
