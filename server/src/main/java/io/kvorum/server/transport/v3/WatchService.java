// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.server.request.WatchKeyspace;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcMethods;

/** etcd's Watch service: one call carries the watchers of one client. */
public final class WatchService {
  private static final String SERVICE = "etcdserverpb.Watch";

  private final WatchKeyspace watching;
  private final WatchMessages messages;
  private final Gate gate;

  /**
   * @param messageBytesMax from how many bytes on a message is cut for clients that allow it
   */
  public WatchService(WatchKeyspace watching, Headers headers, Gate gate, long messageBytesMax) {
    this.watching = watching;
    this.messages = new WatchMessages(headers, messageBytesMax);
    this.gate = gate;
  }

  /** Adds the service. */
  public void register(RpcMethods methods) {
    methods.with(SERVICE, "Watch", gate.lasting(this::watch));
  }

  private void watch(RpcCall call) {
    new WatchCall(watching, messages, call).serve();
  }
}
