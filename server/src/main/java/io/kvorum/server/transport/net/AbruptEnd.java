// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Ends a connection whose other side does not read. The library's own {@code close} waits behind
 * what is still to be written, which here is for ever; so this begins below the library.
 */
public final class AbruptEnd {
  private AbruptEnd() {}

  /** Drops the connection and all that waits to leave on it. On its event loop. */
  public static void of(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      ChannelHandlerContext lowest = base.channel().pipeline().firstContext();
      if (lowest != null) { // Else it has ended by itself.
        lowest.close();
      }
    } else {
      connection.close();
    }
  }
}
