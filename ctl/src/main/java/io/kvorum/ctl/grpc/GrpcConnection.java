// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import io.kvorum.ctl.http.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection in clear text that carries gRPC calls. Thread-safe.
 *
 * <pre>
 *   callers ── headers, data ──▶ FrameWriter ──▶ socket ──▶ FrameReader ── one thread ──▶ calls
 *       ▲ wait for window                                     │ window, settings, end
 *       └────────────────── this monitor ◀────────────────────┘
 * </pre>
 *
 * <p>Order of locks: a call's monitor, then the connection's, then the writer's.
 */
public final class GrpcConnection implements AutoCloseable {

  /** How much of one stream may be under way. */
  static final int STREAM_WINDOW = 1 << 20;

  private static final int CONNECTION_WINDOW = 16 << 20;
  private static final byte[] PING_PAYLOAD = {'k', 'v', 'o', 'r', 'u', 'm', 0, 1};

  private final Socket socket;
  private final String authority;
  private final Keepalive keepalive;
  private final long receiveBytesMax;
  private final FrameWriter writer;
  private final Map<Integer, GrpcCall> calls = new HashMap<>();
  private final Object starting = new Object();

  private int nextStream = 1;
  private long sendWindow = Http2.WINDOW_DEFAULT;
  private int streamSendWindow = Http2.WINDOW_DEFAULT;
  private int frameBytesMax = Http2.FRAME_BYTES_DEFAULT;
  private long streamsMax = Long.MAX_VALUE;
  private @Nullable String closed;

  /** The reader's own. */
  private int consumed;

  private GrpcConnection(Socket socket, String authority, Keepalive keepalive, long receiveBytesMax)
      throws IOException {
    this.socket = socket;
    this.authority = authority;
    this.keepalive = keepalive;
    this.receiveBytesMax = receiveBytesMax;
    this.writer = new FrameWriter(socket.getOutputStream());
  }

  /**
   * Takes over a connected socket. Nothing is sent before the first call.
   *
   * @param authority host and port as the server shall see them
   * @param receiveBytesMax the largest message that is taken
   */
  public static GrpcConnection over(
      Socket socket, String authority, Keepalive keepalive, long receiveBytesMax) {
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(keepalive.idleMillis());
      GrpcConnection made = new GrpcConnection(socket, authority, keepalive, receiveBytesMax);
      made.writer.open(STREAM_WINDOW, CONNECTION_WINDOW);
      Thread reader = new Thread(made::read, "grpc " + authority);
      reader.setDaemon(true);
      reader.start();
      return made;
    } catch (IOException e) {
      throw RpcFailure.unavailable(String.valueOf(e.getMessage()), false);
    }
  }

  /** Whether another call can be made over it. */
  public synchronized boolean isOpen() {
    return closed == null;
  }

  /**
   * Begins a call. Waits while the server allows no further one.
   *
   * @param metadata names and values in turn
   * @param deadline of the whole call
   */
  public GrpcCall call(String path, List<String> metadata, Deadline deadline) {
    byte[] block = block(path, metadata, deadline);
    synchronized (starting) {
      GrpcCall call = register(deadline);
      try {
        writer.headers(call.stream(), block);
        return call;
      } catch (IOException e) {
        fail(String.valueOf(e.getMessage()));
        throw RpcFailure.unavailable(String.valueOf(e.getMessage()), false);
      }
    }
  }

  private byte[] block(String path, List<String> metadata, Deadline deadline) {
    HeaderBlock block =
        new HeaderBlock()
            .indexed(HeaderBlock.METHOD_POST)
            .indexed(HeaderBlock.SCHEME_HTTP)
            .named(HeaderBlock.PATH, path)
            .named(HeaderBlock.AUTHORITY, authority)
            .named(HeaderBlock.CONTENT_TYPE, "application/grpc")
            .named(HeaderBlock.USER_AGENT, "kvorum-etcdctl")
            .literal("te", "trailers");
    if (!deadline.never()) {
      block.literal("grpc-timeout", deadline.socketMillis() + "m");
    }
    for (int i = 0; i + 1 < metadata.size(); i += 2) {
      block.literal(metadata.get(i), metadata.get(i + 1));
    }
    return block.toBytes();
  }

  private synchronized GrpcCall register(Deadline deadline) {
    while (closed == null && calls.size() >= streamsMax) {
      if (deadline.isOver()) {
        throw RpcFailure.deadline(false);
      }
      Waiting.on(this, deadline);
    }
    if (closed != null) {
      throw RpcFailure.unavailable(closed, false);
    }
    GrpcCall call = new GrpcCall(this, nextStream, streamSendWindow, deadline, receiveBytesMax);
    calls.put(nextStream, call);
    nextStream += 2;
    return call;
  }

  void send(GrpcCall call, byte[] framed, boolean last, Deadline deadline) {
    try {
      int at = 0;
      while (at < framed.length) {
        int part = reserve(call, framed.length - at, deadline);
        writer.data(call.stream(), framed, at, part, last && at + part == framed.length);
        at += part;
      }
      writer.flush();
    } catch (IOException e) {
      fail(String.valueOf(e.getMessage()));
      throw RpcFailure.unavailable(String.valueOf(e.getMessage()), true);
    }
  }

  /** Waits for room in both windows and takes of it. */
  private synchronized int reserve(GrpcCall call, int wanted, Deadline deadline) {
    while (Math.min(sendWindow, call.sendWindow) <= 0 && call.end() == null) {
      if (deadline.isOver()) {
        throw RpcFailure.deadline(true);
      }
      Waiting.on(this, deadline);
    }
    RpcFailure end = call.end();
    if (end != null) {
      throw end;
    }
    int part =
        (int) Math.min(Math.min(wanted, frameBytesMax), Math.min(sendWindow, call.sendWindow));
    sendWindow -= part;
    call.sendWindow -= part;
    return part;
  }

  /** Gives room back to the server. */
  void grant(GrpcCall call, int bytes) {
    if (bytes > 0 && call.end() == null) {
      try {
        writer.windowUpdate(call.stream(), bytes);
      } catch (IOException e) {
        fail(String.valueOf(e.getMessage()));
      }
    }
  }

  void reset(GrpcCall call) {
    try {
      writer.reset(call.stream(), Http2.ERROR_CANCEL);
    } catch (IOException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  synchronized void forget(GrpcCall call) {
    calls.remove(call.stream());
    notifyAll();
  }

  /** Ends every call that is left, and the connection. */
  @Override
  public void close() {
    try {
      if (isOpen()) {
        writer.goAway();
      }
    } catch (IOException e) {
      // It is closed in any case.
    }
    fail("the connection is closed");
  }

  /** From now on nothing goes over this connection; every call is told why. */
  private void fail(String reason) {
    List<GrpcCall> left;
    synchronized (this) {
      if (closed == null) {
        closed = reason;
      }
      left = List.copyOf(calls.values());
      notifyAll();
    }
    for (GrpcCall call : left) {
      call.finish(RpcFailure.unavailable(reason, true));
    }
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use, in whatever state it is.
    }
  }

  // --- the reader thread ---

  private void read() {
    try {
      Pulse pulse = new Pulse();
      FrameReader frames = new FrameReader(socket.getInputStream(), pulse);
      HeaderDecoder headers = new HeaderDecoder();
      frames.next();
      if (frames.type() != Http2.SETTINGS) {
        throw new ProtocolViolation("the first frame is no SETTINGS: not HTTP/2?");
      }
      for (; ; frames.next()) {
        pulse.heard();
        take(frames, headers);
      }
    } catch (IOException | ProtocolViolation e) {
      fail("error reading from server: " + e.getMessage());
    }
  }

  private void take(FrameReader frame, HeaderDecoder headers) throws IOException {
    switch (frame.type()) {
      case Http2.DATA -> data(frame);
      case Http2.HEADERS -> headers(frame, headers);
      case Http2.RST_STREAM -> reset(frame);
      case Http2.SETTINGS -> settings(frame);
      case Http2.PING -> {
        if (!frame.has(Http2.ACK)) {
          writer.ping(frame.payload(), true);
        }
      }
      case Http2.GOAWAY -> goAway(frame);
      case Http2.WINDOW_UPDATE -> windowUpdate(frame.stream(), int32(frame.payload(), 0));
      case Http2.PUSH_PROMISE, Http2.CONTINUATION ->
          throw new ProtocolViolation("a frame of type " + frame.type() + " out of place");
      default -> {
        // Unknown kinds are to be ignored.
      }
    }
  }

  private synchronized @Nullable GrpcCall find(int stream) {
    return calls.get(stream);
  }

  private void data(FrameReader frame) throws IOException {
    byte[] payload = frame.payload();
    int from = frame.has(Http2.PADDED) ? 1 : 0;
    int length = payload.length - from - (from == 0 ? 0 : payload[0] & 0xff);
    consumed += payload.length;
    if (consumed >= CONNECTION_WINDOW / 2) {
      writer.windowUpdate(0, consumed);
      consumed = 0;
    }
    GrpcCall call = find(frame.stream());
    if (call == null) {
      return;
    }
    if (length < 0) {
      throw new ProtocolViolation("a frame with more padding than content");
    }
    int grant = call.received(payload, from, length, payload.length);
    if (frame.has(Http2.END_STREAM)) {
      call.finish(new RpcFailure(RpcStatus.INTERNAL, "the server sent no status", true));
    } else {
      grant(call, grant);
    }
  }

  private void headers(FrameReader frame, HeaderDecoder decoder) throws IOException {
    int stream = frame.stream();
    boolean last = frame.has(Http2.END_STREAM);
    byte[] block = HeaderFrames.collect(frame);
    Map<String, String> headers = decoder.decode(block);
    GrpcCall call = find(stream);
    if (call != null) {
      call.headers(headers, last);
    }
  }

  private void reset(FrameReader frame) {
    GrpcCall call = find(frame.stream());
    if (call == null) {
      return;
    }
    int error = int32(frame.payload(), 0);
    boolean refused = error == Http2.ERROR_REFUSED_STREAM;
    RpcStatus status =
        switch (error) {
          case Http2.ERROR_REFUSED_STREAM -> RpcStatus.UNAVAILABLE;
          case Http2.ERROR_CANCEL -> RpcStatus.CANCELLED;
          case Http2.ERROR_ENHANCE_YOUR_CALM -> RpcStatus.RESOURCE_EXHAUSTED;
          default -> RpcStatus.INTERNAL;
        };
    call.finish(
        new RpcFailure(
            status, "stream terminated by RST_STREAM with error code: " + error, !refused));
  }

  private void settings(FrameReader frame) throws IOException {
    if (frame.has(Http2.ACK)) {
      return;
    }
    byte[] payload = frame.payload();
    synchronized (this) {
      for (int i = 0; i + 6 <= payload.length; i += 6) {
        apply((payload[i] & 0xff) << 8 | payload[i + 1] & 0xff, int32(payload, i + 2));
      }
      notifyAll();
    }
    writer.settingsAck();
  }

  private synchronized void apply(int setting, int value) {
    switch (setting) {
      case Http2.SETTING_INITIAL_WINDOW -> {
        for (GrpcCall call : calls.values()) {
          call.sendWindow += value - streamSendWindow;
        }
        streamSendWindow = value;
      }
      case Http2.SETTING_FRAME_BYTES_MAX -> frameBytesMax = value;
      case Http2.SETTING_CONCURRENT_STREAMS_MAX -> streamsMax = value & 0xffffffffL;
      default -> {
        // The others are about what is never sent.
      }
    }
  }

  private synchronized void windowUpdate(int stream, int bytes) {
    if (stream == 0) {
      sendWindow += bytes;
    } else {
      GrpcCall call = calls.get(stream);
      if (call != null) {
        call.sendWindow += bytes;
      }
    }
    notifyAll();
  }

  /** The server takes no further calls, and has not seen those above a number. */
  private void goAway(FrameReader frame) {
    int lastSeen = int32(frame.payload(), 0) & Integer.MAX_VALUE;
    List<GrpcCall> all;
    synchronized (this) {
      closed = "the server is going away";
      all = List.copyOf(calls.values());
      notifyAll();
    }
    for (GrpcCall call : all) {
      if (call.stream() > lastSeen) {
        call.finish(RpcFailure.unavailable("the server is going away", false));
      }
    }
  }

  private static int int32(byte[] source, int at) {
    if (source.length < at + 4) {
      throw new ProtocolViolation("a frame that is too short");
    }
    return (source[at] & 0xff) << 24
        | (source[at + 1] & 0xff) << 16
        | (source[at + 2] & 0xff) << 8
        | (source[at + 3] & 0xff);
  }

  /** Asks whether the server is still there when it has been silent, but only during calls. */
  private final class Pulse implements FrameReader.Silence {
    private boolean asked;

    @Override
    public void passed() throws IOException {
      if (asked) {
        throw new IOException("keepalive ping failed to receive ACK within timeout");
      }
      boolean idle;
      synchronized (GrpcConnection.this) {
        idle = calls.isEmpty();
      }
      if (!idle) {
        asked = true;
        socket.setSoTimeout(keepalive.answerMillis());
        writer.ping(PING_PAYLOAD, false);
      }
    }

    void heard() throws IOException {
      if (asked) {
        asked = false;
        socket.setSoTimeout(keepalive.idleMillis());
      }
    }
  }
}
