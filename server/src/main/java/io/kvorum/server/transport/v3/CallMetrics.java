// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.kvorum.server.observe.Counter;
import io.kvorum.server.observe.Metrics;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcMethod;
import io.kvorum.server.transport.net.RpcMethods;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Counts calls as the Go library does that etcd uses, under its names: calls of the JSON gateway
 * are counted like all others.
 */
public final class CallMetrics implements RpcMethods.Decoration {
  private static final Pattern API_VERSION = Pattern.compile("[0-9]{1,3}\\.[0-9]{1,3}");

  /** Clients may say what they like; no more than so many versions get a line of their own. */
  private static final int API_VERSIONS_MAX = 32;

  private final Metrics.Labelled<Counter> started;
  private final Metrics.Labelled<Counter> handled;
  private final Metrics.Labelled<Counter> requests;
  private final Set<String> versions = ConcurrentHashMap.newKeySet();

  public CallMetrics(Metrics metrics) {
    started =
        metrics.counters(
            "grpc_server_started_total",
            "Total number of RPCs started on the server.",
            "grpc_method",
            "grpc_service",
            "grpc_type");
    handled =
        metrics.counters(
            "grpc_server_handled_total",
            "Total number of RPCs completed on the server, regardless of success or failure.",
            "grpc_code",
            "grpc_method",
            "grpc_service",
            "grpc_type");
    requests =
        metrics.counters(
            "etcd_server_client_requests_total",
            "The total number of client requests per client version.",
            "type",
            "client_api_version");
  }

  @Override
  public RpcMethod of(String service, String name, RpcMethod method) {
    boolean streams =
        ApiDescriptors.method(service, name)
            .map(CallMetrics::isStream)
            .orElseGet(method::isLasting);
    String type =
        ApiDescriptors.method(service, name)
            .map(CallMetrics::type)
            .orElse(streams ? "bidi_stream" : "unary");
    Counter begun = started.with(name, service, type);
    // Like the Go library: there from the start, so that rates have something to begin with.
    Map<RpcCode, Counter> ended = new EnumMap<>(RpcCode.class);
    for (RpcCode code : RpcCode.values()) {
      ended.put(code, handled.with(word(code), name, service, type));
    }
    RpcMethod counting =
        call -> {
          begun.increment();
          requests.with(streams ? "stream" : "unary", version(call)).increment();
          call.onEnded(code -> count(ended, code));
          method.serve(call);
        };
    return method.isLasting() ? RpcMethod.lasting(counting) : counting;
  }

  private static void count(Map<RpcCode, Counter> ended, RpcCode code) {
    Counter counter = ended.get(code);
    if (counter != null) {
      counter.increment();
    }
  }

  private String version(RpcCall call) {
    String version = call.metadata("client-api-version").orElse("");
    if (!API_VERSION.matcher(version).matches()) {
      return "unknown";
    }
    if (!versions.contains(version)) {
      if (versions.size() >= API_VERSIONS_MAX) {
        return "unknown";
      }
      versions.add(version);
    }
    return version;
  }

  private static boolean isStream(MethodDescriptor method) {
    return method.isClientStreaming() || method.isServerStreaming();
  }

  private static String type(MethodDescriptor method) {
    if (method.isClientStreaming()) {
      return method.isServerStreaming() ? "bidi_stream" : "client_stream";
    }
    return method.isServerStreaming() ? "server_stream" : "unary";
  }

  /** As Go spells it. */
  private static String word(RpcCode code) {
    return switch (code) {
      case OK -> "OK";
      case CANCELLED -> "Canceled";
      case UNKNOWN -> "Unknown";
      case INVALID_ARGUMENT -> "InvalidArgument";
      case DEADLINE_EXCEEDED -> "DeadlineExceeded";
      case NOT_FOUND -> "NotFound";
      case ALREADY_EXISTS -> "AlreadyExists";
      case PERMISSION_DENIED -> "PermissionDenied";
      case RESOURCE_EXHAUSTED -> "ResourceExhausted";
      case FAILED_PRECONDITION -> "FailedPrecondition";
      case ABORTED -> "Aborted";
      case OUT_OF_RANGE -> "OutOfRange";
      case UNIMPLEMENTED -> "Unimplemented";
      case INTERNAL -> "Internal";
      case UNAVAILABLE -> "Unavailable";
      case DATA_LOSS -> "DataLoss";
      case UNAUTHENTICATED -> "Unauthenticated";
    };
  }
}
