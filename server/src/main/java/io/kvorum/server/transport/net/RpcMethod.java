// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;

/** What one method of a service does with a call. Called on the call's event loop; never blocks. */
public interface RpcMethod {

  /** Serves {@code call}; answers now or later. */
  void serve(RpcCall call);

  /** Whether calls may stay open without end, so that a stopping server has to cut them. */
  default boolean isLasting() {
    return false;
  }

  /** What a method with one message in and one out does. */
  interface Unary {

    /**
     * Answers {@code call}, now or later.
     *
     * @throws io.kvorum.base.MalformedProto when {@code request} is not the message it should be
     */
    void answer(RpcCall call, Bytes request);
  }

  /** A method that takes one message; more of them are not looked at. */
  static RpcMethod unary(Unary unary) {
    return call -> {
      var state =
          new Object() {
            boolean taken;
          };
      call.read(
          message -> {
            if (!state.taken) {
              state.taken = true;
              unary.answer(call, message);
            }
          },
          () -> {
            if (!state.taken) {
              call.fail(new RpcFault(RpcCode.INTERNAL, "unexpected EOF"));
            }
          });
    };
  }

  /** A method whose calls may stay open for as long as the client likes. */
  static RpcMethod lasting(RpcMethod method) {
    return new RpcMethod() {
      @Override
      public void serve(RpcCall call) {
        method.serve(call);
      }

      @Override
      public boolean isLasting() {
        return true;
      }
    };
  }
}
