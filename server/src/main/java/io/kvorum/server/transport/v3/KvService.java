// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.server.command.KeyspaceReader;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.UnsoundRequest;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.ChangeKeyspace;
import io.kvorum.server.request.ReadKeyspace;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcMethod;
import io.kvorum.server.transport.net.RpcMethods;
import java.util.concurrent.CompletableFuture;

/**
 * etcd's KV service.
 *
 * <p>Requests are read by hand and not by the generated classes: a put has the same bytes here and
 * in the log, and its value is not copied on the way.
 */
public final class KvService {
  private static final String SERVICE = "etcdserverpb.KV";

  /** How long a part of a streamed range becomes, about: etcd's longest request. */
  private static final long PART_BYTES = 1_572_864;

  private final ReadKeyspace reading;
  private final ChangeKeyspace changing;
  private final KeyspaceMessages messages;
  private final Gate gate;

  public KvService(ReadKeyspace reading, ChangeKeyspace changing, Headers headers, Gate gate) {
    this.reading = reading;
    this.changing = changing;
    this.messages = new KeyspaceMessages(headers);
    this.gate = gate;
  }

  /** Adds the service. */
  public void register(RpcMethods methods) {
    methods.with(SERVICE, "RangeStream", gate.unary(RpcMethod.unary(this::stream)));
    methods.with(
        SERVICE,
        "Range",
        gate.alsoOnLearners(
            RpcMethod.unary((call, message) -> serve(call, message, "Range", this::range))));
    add(
        methods,
        "Put",
        (call, in) -> changing.put(caller(call), KeyspaceReader.OF_CLIENTS.put(in)));
    add(
        methods,
        "DeleteRange",
        (call, in) -> changing.delete(caller(call), KeyspaceReader.OF_CLIENTS.deleteRange(in)));
    add(
        methods,
        "Txn",
        (call, in) -> changing.txn(caller(call), KeyspaceReader.OF_CLIENTS.txn(in), call::later));
    add(
        methods,
        "Compact",
        (call, in) -> changing.compact(caller(call), KeyspaceReader.OF_CLIENTS.compact(in)));
  }

  private CompletableFuture<Answer<KeyspaceResult>> range(RpcCall call, ProtoReader in) {
    RangeQuery query = KeyspaceReader.OF_CLIENTS.range(in);
    return gate.isLearner() && !query.serializable()
        ? Answer.now(new Answer.Failed<>(V3Error.NOT_FOR_LEARNERS.fault().text(), false))
        : reading.range(caller(call), query, call::later);
  }

  private void stream(RpcCall call, Bytes message) {
    ifSound(
        call, () -> RangeStream.serve(reading, messages, PART_BYTES, call, caller(call), message));
  }

  /** One use case: reads its message, goes to the request. */
  private interface Use {
    CompletableFuture<Answer<KeyspaceResult>> answer(RpcCall call, ProtoReader in);
  }

  private void add(RpcMethods methods, String name, Use use) {
    methods.with(
        SERVICE,
        name,
        gate.unary(RpcMethod.unary((call, message) -> serve(call, message, name, use))));
  }

  private void serve(RpcCall call, Bytes message, String name, Use use) {
    ifSound(
        call,
        () ->
            Unfailing.of(use.answer(call, new ProtoReader(name + "Request", message)))
                .thenAccept(known -> call.later(() -> finish(call, known))));
  }

  private static void ifSound(RpcCall call, Runnable serving) {
    try {
      serving.run();
    } catch (UnsoundRequest unsound) {
      call.fail(ErrorTable.error(unsound.refusal()).fault());
    }
  }

  private void finish(RpcCall call, Answer<KeyspaceResult> answer) {
    if (answer instanceof Answer.Done<KeyspaceResult>(var result)) {
      call.write(messages.of(result));
      call.end();
    } else {
      call.fail(ErrorTable.fault(answer));
    }
  }

  private static Caller caller(RpcCall call) {
    return Gate.caller(call);
  }
}
