// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcMethod;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What etcd asks of every call of its own services, before the service sees it. */
public final class Gate {
  private static final String BEARER = "Bearer ";

  private final BooleanSupplier leaderKnown;

  /**
   * @param leaderKnown whether this member knows a leader now
   */
  public Gate(BooleanSupplier leaderKnown) {
    this.leaderKnown = leaderKnown;
  }

  /** {@code method}, unless the caller wants a leader and there is none. */
  RpcMethod unary(RpcMethod method) {
    return call -> {
      if (wantsLeader(call) && !leaderKnown.getAsBoolean()) {
        call.fail(V3Error.NO_LEADER.fault());
      } else {
        method.serve(call);
      }
    };
  }

  private static boolean wantsLeader(RpcCall call) {
    return call.metadata("hasleader").filter("true"::equals).isPresent();
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
