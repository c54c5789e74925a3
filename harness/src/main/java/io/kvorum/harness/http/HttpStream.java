// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One request on a connection of its own, and its answer as it arrives. The constructor returns
 * when the header is there; a thread of its own collects the body, so that a long poll can be
 * looked at while it is open. Safe for use by several threads.
 */
public final class HttpStream implements AutoCloseable {

  /** How far the body has come. */
  public enum State {
    OPEN,
    ENDED,
    BROKEN
  }

  private final Socket socket = new Socket();
  private final InputStream in;
  private final String method;
  private final int status;
  private final String reason;
  private final List<Header> headers = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private State state = State.OPEN;

  private HttpStream(InetSocketAddress server, HttpCall call, Duration timeout) throws IOException {
    method = call.method();
    try {
      int timeoutMillis = Math.toIntExact(timeout.toMillis());
      socket.connect(server, timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      socket.setTcpNoDelay(true);
      String host = server.getAddress().getHostAddress() + ":" + server.getPort();
      socket.getOutputStream().write(concat(call.headBytes(host), call.bodyBytes()));
      in = new BufferedInputStream(socket.getInputStream());
      String[] statusLine = line().split(" ", 3);
      status = Integer.parseInt(statusLine[1]);
      reason = statusLine.length > 2 ? statusLine[2] : "";
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
      socket.setSoTimeout(0);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
    Thread.ofVirtual().name("http-body").start(this::collect);
  }

  /**
   * Sends a request and waits for the answer's header.
   *
   * @param timeout the longest wait for each of connection and header
   * @throws IOException when the server cannot be reached or the header does not come in time
   */
  public static HttpStream open(InetSocketAddress server, HttpCall call, Duration timeout)
      throws IOException {
    return new HttpStream(server, call, timeout);
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @throws IOException as {@link #open}, and when the body does not end in time or is cut short
   */
  public static HttpReply exchange(InetSocketAddress server, HttpCall call, Duration timeout)
      throws IOException {
    try (HttpStream stream = open(server, call, timeout)) {
      return switch (stream.awaitEnd(timeout)) {
        case ENDED -> stream.reply();
        case OPEN -> throw new IOException("body not ended after " + timeout);
        case BROKEN -> throw new EOFException("body cut short: " + stream.reply());
      };
    }
  }

  /** The answer as far as it has come. */
  public synchronized HttpReply reply() {
    String text = body.toString(StandardCharsets.UTF_8);
    return new HttpReply(status, reason, headers, text, body.size());
  }

  /** Waits until the body has ended, at most that long, and says how far it is then. */
  public synchronized State awaitEnd(Duration timeout) {
    return awaitBody(Integer.MAX_VALUE, timeout);
  }

  /** Waits until the body has so many lines or has ended, at most that long. */
  public synchronized State awaitBody(int lines, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (state == State.OPEN && lineCount() < lines) {
        long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
          break;
        }
        wait(leftMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return state;
  }

  private int lineCount() {
    int count = 0;
    for (byte b : body.toByteArray()) {
      count += b == '\n' ? 1 : 0;
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void collect() {
    State end = State.BROKEN;
    try {
      if (method.equals("HEAD") || status == 204 || status == 304) {
        end = State.ENDED;
      } else if (reply().header("Transfer-Encoding").orElse("").equals("chunked")) {
        collectChunks();
        end = State.ENDED;
      } else if (reply().header("Content-Length").isPresent()) {
        append(in.readNBytes(length()));
        end = body.size() == length() ? State.ENDED : State.BROKEN;
      } else {
        append(in.readAllBytes());
        end = State.ENDED;
      }
    } catch (SocketException | EOFException e) {
      end = State.BROKEN; // the server hung up in the middle, or we closed
    } catch (IOException e) {
      append(("<" + e + ">").getBytes(StandardCharsets.UTF_8));
    }
    synchronized (this) {
      state = end;
      notifyAll();
    }
  }

  private int length() {
    return Integer.parseInt(reply().header("Content-Length").orElse("0"));
  }

  private void collectChunks() throws IOException {
    while (true) {
      int size = Integer.parseInt(line(), 16);
      byte[] chunk = in.readNBytes(size);
      if (chunk.length < size) {
        throw new EOFException();
      }
      append(chunk);
      line();
      if (size == 0) {
        return;
      }
    }
  }

  private synchronized void append(byte[] bytes) {
    body.writeBytes(bytes);
    notifyAll();
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("connection closed inside the header");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] all = new byte[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
