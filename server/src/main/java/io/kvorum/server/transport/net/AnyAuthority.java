// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Lets requests in whose {@code :authority} is no host and port. The library resets their streams;
 * Go's servers do not care, and etcd's own clients send such: 3.4's {@code endpoint hashkv} a whole
 * URL, those of 3.5 a list like {@code #initially=[127.0.0.1:2379]}. Nobody here reads it.
 */
final class AnyAuthority extends Http2FrameListenerDecorator {
  private static final int NO_PORT = -1;

  private AnyAuthority(Http2FrameListener listener) {
    super(listener);
  }

  /** From now on for this connection, if it is HTTP/2. On its event loop. */
  static void on(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      Http2ConnectionHandler frames = base.channel().pipeline().get(Http2ConnectionHandler.class);
      if (frames != null) {
        frames.decoder().frameListener(new AnyAuthority(frames.decoder().frameListener()));
      }
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean last)
      throws Http2Exception {
    super.onHeadersRead(context, stream, withoutOddAuthority(headers), padding, last);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int stream,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last)
      throws Http2Exception {
    super.onHeadersRead(
        context,
        stream,
        withoutOddAuthority(headers),
        dependency,
        weight,
        exclusive,
        padding,
        last);
  }

  private static Http2Headers withoutOddAuthority(Http2Headers headers) {
    CharSequence authority = headers.authority();
    if (authority != null && HostAndPort.parseAuthority(authority.toString(), NO_PORT) == null) {
      headers.remove(Http2Headers.PseudoHeaderName.AUTHORITY.value());
    }
    return headers;
  }
}
