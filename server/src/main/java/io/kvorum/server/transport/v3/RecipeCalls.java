// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.ByteString;
import io.kvorum.base.Bytes;
import io.kvorum.server.request.Answer;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the services for locks and elections have in common. */
final class RecipeCalls {

  private RecipeCalls() {}

  /** Answers {@code call} once there is an answer. */
  static <T> void finish(
      RpcCall call, CompletableFuture<Answer<T>> future, Function<T, Bytes> message) {
    Unfailing.of(future)
        .thenAccept(
            answer ->
                call.later(
                    () -> {
                      if (answer instanceof Answer.Done<T>(T value)) {
                        call.write(message.apply(value));
                        call.end();
                      } else {
                        call.fail(fault(answer));
                      }
                    }));
  }

  /** These services are clients of the others in etcd, where the codes of errors get lost. */
  static RpcFault fault(Answer<?> notDone) {
    return new RpcFault(RpcCode.UNKNOWN, ErrorTable.fault(notDone).text());
  }

  static Bytes bytes(ByteString string) {
    return Bytes.wrap(string.toByteArray());
  }
}
