// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.api.v3lockpb.LockRequest;
import io.kvorum.api.v3lockpb.UnlockRequest;
import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.recipe.LockNames;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcMethod;
import io.kvorum.server.transport.net.RpcMethods;

/** etcd's v3lock service. */
public final class LockService {
  private static final String SERVICE = "v3lockpb.Lock";

  private final LockNames locks;
  private final Headers headers;
  private final Gate gate;

  public LockService(LockNames locks, Headers headers, Gate gate) {
    this.locks = locks;
    this.headers = headers;
    this.gate = gate;
  }

  /** Adds the service. */
  public void register(RpcMethods methods) {
    methods.with(SERVICE, "Lock", RpcMethod.lasting(gate.unary(RpcMethod.unary(this::lock))));
    methods.with(SERVICE, "Unlock", gate.unary(RpcMethod.unary(this::unlock)));
  }

  private void lock(RpcCall call, Bytes message) {
    LockRequest request = MessageMethod.parsed(LockRequest.parser(), message);
    RecipeCalls.finish(
        call,
        locks.lock(
            Gate.caller(call),
            RecipeCalls.bytes(request.getName()),
            request.getLease(),
            call::onClosed,
            call::later),
        place -> answer(place.revision(), place.key()));
  }

  private void unlock(RpcCall call, Bytes message) {
    UnlockRequest request = MessageMethod.parsed(UnlockRequest.parser(), message);
    RecipeCalls.finish(
        call,
        locks.unlock(Gate.caller(call), RecipeCalls.bytes(request.getKey())),
        result -> answer(result.revision(), Bytes.EMPTY));
  }

  private Bytes answer(long revision, Bytes key) {
    var out = new ProtoWriter();
    headers.write(out, revision);
    out.bytes(2, key);
    return out.toBytes();
  }
}
