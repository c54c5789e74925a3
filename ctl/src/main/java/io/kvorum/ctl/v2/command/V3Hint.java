// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.grpc.Keepalive;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpUrl;
import io.kvorum.ctl.http.MalformedUrl;
import io.kvorum.ctl.v3.client.ClientSettings;
import io.kvorum.ctl.v3.client.Endpoint;
import io.kvorum.ctl.v3.client.EtcdClient;
import io.kvorum.ctl.v3.client.Rpc;
import java.util.List;

/**
 * Tells who looks for a key with the wrong API. Only a key that v2 does not have costs the
 * question, and a member that does not speak v3, or not to anybody, answers it with silence.
 */
final class V3Hint {

  private static final long NANOS_MAX = 1_000_000_000L;
  private static final int BYTES_MAX = 1 << 20;
  private static final int COUNT = 4;

  private V3Hint() {}

  /** Adds a line on stderr when the first endpoint has the key in v3. */
  static void tellIfThere(Invocation call, List<String> endpoints, String key) {
    if (!endpoints.isEmpty() && !key.isEmpty() && isThere(endpoints.get(0), key)) {
      call.console()
          .errorLine(
              "etcdctl: the v3 API has a key \""
                  + key
                  + "\": set ETCDCTL_API=3 or call bin/etcdctl3");
    }
  }

  private static boolean isThere(String endpoint, String key) {
    ProtoWriter range = new ProtoWriter();
    range.bytes(1, Bytes.utf8(key));
    range.bool(7, true);
    range.bool(9, true);
    ClientSettings settings =
        new ClientSettings(
            NANOS_MAX,
            NANOS_MAX,
            Keepalive.ofNanos(0, NANOS_MAX),
            BYTES_MAX,
            BYTES_MAX,
            "",
            "",
            "");
    try {
      HttpUrl url = HttpUrl.parse(endpoint);
      if (!url.scheme().equals("http")) {
        return false;
      }
      try (EtcdClient client = new EtcdClient(List.of(new Endpoint(endpoint, url)), settings)) {
        return client.call(Rpc.RANGE, range, Deadline.in(NANOS_MAX)).number(COUNT) > 0;
      }
    } catch (MalformedUrl | RpcFailure | MalformedProto e) {
      return false;
    }
  }
}
