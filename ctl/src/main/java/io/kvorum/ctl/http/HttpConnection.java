// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * One TCP connection that carries requests one after the other. Not thread-safe; after any failure
 * it is of no more use.
 */
final class HttpConnection {

  private static final int READ_BUFFER_BYTES = 16 * 1024;
  private static final int HEADER_BYTES_MAX = 1 << 20;

  /** A request of this size fits into any socket buffer, so that writing it cannot block. */
  private static final int UNWATCHED_WRITE_BYTES_MAX = 16 * 1024;

  private final Socket socket;
  private final byte[] buffer = new byte[READ_BUFFER_BYTES];
  private int position;
  private int limit;
  private Deadline deadline = Deadline.NEVER;
  private boolean reusable = true;
  private boolean answered;

  HttpConnection(Socket socket) {
    this.socket = socket;
  }

  /** Whether another request may follow. */
  boolean isReusable() {
    return reusable;
  }

  /** Whether any byte of an answer to the last request came. */
  boolean hasAnswered() {
    return answered;
  }

  void close() {
    reusable = false;
    try {
      socket.close();
    } catch (IOException e) {
      // It is not used any more, in whatever state it is.
    }
  }

  /**
   * Sends a request, waits for the head of its answer until one deadline, for the rest until
   * another.
   */
  HttpAnswer exchange(HttpRequest request, Deadline header, Deadline whole) {
    answered = false;
    deadline = header;
    send(request.encode());
    int status = readStatus();
    Map<String, String> headers = readHeaders();
    while (status / 100 == 1) {
      status = readStatus();
      headers = readHeaders();
    }
    deadline = whole;
    String body = new String(readBody(status, headers), StandardCharsets.UTF_8);
    if ("close".equalsIgnoreCase(headers.get("connection"))) {
      reusable = false;
    }
    return new HttpAnswer(status, headers, body);
  }

  private void send(byte[] bytes) {
    if (deadline.isOver()) {
      throw new TimeLimitReached();
    }
    boolean watched = bytes.length > UNWATCHED_WRITE_BYTES_MAX && !deadline.never();
    WriteWatch watch = watched ? new WriteWatch(socket, deadline) : null;
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      if (deadline.isOver()) {
        throw new TimeLimitReached();
      }
      throw SocketFailures.write(socket, e);
    } finally {
      if (watch != null) {
        watch.stop();
      }
    }
  }

  private int readStatus() {
    String line = readLine();
    int space = line.indexOf(' ');
    if (!line.startsWith("HTTP/1.") || space < 0 || line.length() < space + 4) {
      throw TransportFailure.of("malformed HTTP response \"" + line + "\"");
    }
    if (line.startsWith("HTTP/1.0")) {
      reusable = false;
    }
    try {
      return Integer.parseInt(line, space + 1, space + 4, 10);
    } catch (NumberFormatException e) {
      throw TransportFailure.of("malformed HTTP status code \"" + line.substring(space + 1) + "\"");
    }
  }

  private Map<String, String> readHeaders() {
    Map<String, String> headers = new HashMap<>();
    int size = 0;
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      size += line.length();
      if (size > HEADER_BYTES_MAX) {
        throw TransportFailure.of("net/http: server response headers exceeded limit; aborted");
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw TransportFailure.of("malformed MIME header line: " + line);
      }
      headers.putIfAbsent(
          AsciiText.lowerCase(line.substring(0, colon)), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private byte[] readBody(int status, Map<String, String> headers) {
    if (status == 204 || status == 304) {
      return new byte[0];
    }
    String encoding = headers.get("transfer-encoding");
    if (encoding != null && encoding.equalsIgnoreCase("chunked")) {
      return readChunks();
    }
    String length = headers.get("content-length");
    if (length == null) {
      reusable = false;
      return readToEnd();
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    readInto(body, number(length, 10));
    return body.toByteArray();
  }

  private byte[] readChunks() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (; ; ) {
      String line = readLine();
      int extension = line.indexOf(';');
      int size = number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
      if (size == 0) {
        break;
      }
      readInto(body, size);
      String end = readLine();
      if (!end.isEmpty()) {
        throw TransportFailure.of("malformed chunked encoding");
      }
    }
    while (!readLine().isEmpty()) {
      // Trailers say nothing that is used here.
    }
    return body.toByteArray();
  }

  private byte[] readToEnd() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (position < limit || fill()) {
      body.write(buffer, position, limit - position);
      position = limit;
    }
    return body.toByteArray();
  }

  private void readInto(ByteArrayOutputStream body, int count) {
    int missing = count;
    while (missing > 0) {
      if (position == limit && !fill()) {
        throw TransportFailure.of("unexpected EOF");
      }
      int part = Math.min(missing, limit - position);
      body.write(buffer, position, part);
      position += part;
      missing -= part;
    }
  }

  private static int number(String digits, int radix) {
    try {
      int number = Integer.parseInt(digits, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a negative one.
    }
    throw TransportFailure.of("bad Content-Length \"" + digits + "\"");
  }

  private String readLine() {
    StringBuilder line = new StringBuilder();
    for (; ; ) {
      int start = position;
      while (position < limit && buffer[position] != '\n') {
        position++;
      }
      line.append(new String(buffer, start, position - start, StandardCharsets.ISO_8859_1));
      if (position < limit) {
        position++;
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
          line.setLength(length - 1);
        }
        return line.toString();
      }
      if (line.length() > HEADER_BYTES_MAX) {
        throw TransportFailure.of("net/http: server response headers exceeded limit; aborted");
      }
      if (!fill()) {
        throw TransportFailure.of(answered ? "unexpected EOF" : "EOF");
      }
    }
  }

  /** Reads what there is into the empty buffer; false at the end of the stream. */
  private boolean fill() {
    if (deadline.isOver()) {
      throw new TimeLimitReached();
    }
    try {
      socket.setSoTimeout(deadline.socketMillis());
      int count = socket.getInputStream().read(buffer);
      position = 0;
      limit = Math.max(count, 0);
      answered |= count > 0;
      return count > 0;
    } catch (SocketTimeoutException e) {
      throw new TimeLimitReached();
    } catch (IOException e) {
      throw SocketFailures.read(socket, e);
    }
  }
}
