// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.InvalidProtocolBufferException;
import io.kvorum.api.health.HealthCheckRequest;
import io.kvorum.api.health.HealthCheckResponse;
import io.kvorum.api.health.HealthCheckResponse.ServingStatus;
import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import io.kvorum.server.transport.net.RpcMethod;
import io.kvorum.server.transport.net.RpcMethods;

/**
 * gRPC's own health check. The server as a whole, the empty name, is well as soon as its port is
 * served; etcd knows no other name, and neither alarms nor a lost quorum change that.
 */
public final class HealthService {
  private static final String SERVICE = "grpc.health.v1.Health";

  private HealthService() {}

  /** Adds the service. */
  public static void register(RpcMethods methods) {
    methods
        .with(SERVICE, "Check", RpcMethod.unary(HealthService::check))
        .with(SERVICE, "Watch", RpcMethod.lasting(RpcMethod.unary(HealthService::watch)));
  }

  private static void check(RpcCall call, Bytes message) {
    if (isWhole(message)) {
      call.write(status(ServingStatus.SERVING));
      call.end();
    } else {
      call.fail(new RpcFault(RpcCode.NOT_FOUND, "unknown service"));
    }
  }

  /** The state of now, then nothing more, as it does not change. */
  private static void watch(RpcCall call, Bytes message) {
    call.write(status(isWhole(message) ? ServingStatus.SERVING : ServingStatus.SERVICE_UNKNOWN));
  }

  private static boolean isWhole(Bytes message) {
    try {
      return HealthCheckRequest.parseFrom(message.toArray()).getService().isEmpty();
    } catch (InvalidProtocolBufferException malformed) {
      throw new MalformedProto("HealthCheckRequest", 0, 0, malformed.toString());
    }
  }

  private static Bytes status(ServingStatus status) {
    return Bytes.wrap(HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray());
  }
}
