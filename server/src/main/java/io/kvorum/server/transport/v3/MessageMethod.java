// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcMethod;
import java.util.concurrent.CompletableFuture;

/**
 * Methods whose messages the generated classes read and write: all that nobody calls often enough
 * for a codec by hand.
 */
final class MessageMethod {

  private MessageMethod() {}

  /** One use case: a message in, a message out. */
  interface Use<Q, A> {
    /** Ends on any thread; does not fail. */
    CompletableFuture<Answer<A>> answer(Caller caller, Q request);
  }

  /** A method with one message in and one out. */
  static <Q extends Message, A extends Message> RpcMethod unary(
      Parser<Q> parser, Use<? super Q, A> use) {
    return RpcMethod.unary(
        (call, bytes) ->
            Unfailing.of(use.answer(Gate.caller(call), parsed(parser, bytes)))
                .thenAccept(answer -> call.later(() -> finish(call, answer))));
  }

  private static void finish(RpcCall call, Answer<? extends Message> answer) {
    if (answer instanceof Answer.Done<? extends Message>(Message message)) {
      write(call, message);
      call.end();
    } else {
      call.fail(ErrorTable.fault(answer));
    }
  }

  /** Sends {@code message}. */
  static void write(RpcCall call, Message message) {
    call.write(Bytes.wrap(message.toByteArray()));
  }

  /** Reads a message; throws {@link MalformedProto} for bytes that are none. */
  static <Q extends Message> Q parsed(Parser<Q> parser, Bytes bytes) {
    try {
      return parser.parseFrom(bytes.toArray());
    } catch (InvalidProtocolBufferException malformed) {
      throw new MalformedProto("message", 0, 0, malformed.toString());
    }
  }
}
