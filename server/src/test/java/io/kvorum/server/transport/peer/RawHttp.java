// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** HTTP by hand: what is sent may be wrong in any way. */
final class RawHttp {

  private static final int PATIENCE_MILLIS = 20_000;

  private RawHttp() {}

  /** An answer; header names in lower case. */
  record Reply(int status, Map<String, String> headers, String body) {

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** Asks on a connection of its own and reads to its end. */
  static Reply ask(int port, String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    try (Socket socket = connect(port)) {
      Map<String, String> all = new TreeMap<>(headers);
      all.put("Connection", "close");
      if (body.length > 0 || !method.equals("GET")) {
        all.put("Content-Length", Integer.toString(body.length));
      }
      send(socket, head(method, path, all), body);
      return read(socket.getInputStream());
    }
  }

  static String head(String method, String path, Map<String, String> headers) {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: peer\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    return head.append("\r\n").toString();
  }

  static void send(Socket socket, String head, byte[] body) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
  }

  /** Reads a whole answer: its head, and its body to the end of the connection. */
  static Reply read(InputStream in) throws IOException {
    Reply head = readHead(in);
    return new Reply(
        head.status, head.headers, new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  /** Reads an answer's head; its body stays where it is. */
  static Reply readHead(InputStream in) throws IOException {
    return parse(readLines(in));
  }

  /** The lines of a head, of a request or an answer. */
  static String[] readLines(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("connection ended in the head: " + head);
      }
      head.write(octet);
    }
    return head.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1);
  }

  private static Reply parse(String[] lines) {
    Map<String, String> headers = new TreeMap<>();
    Arrays.stream(lines)
        .skip(1)
        .filter(line -> line.contains(": "))
        .forEach(
            line -> {
              String[] parts = line.split(": ", 2);
              headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
            });
    return new Reply(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, "");
  }
}
