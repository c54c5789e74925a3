// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * An HTTP server that says what a test told it to, byte for byte, and remembers what it was asked.
 *
 * <p>Answers are queued by method and target; the last one of a queue stays. What was not scripted
 * is 404, as with etcd.
 */
public final class ScriptedServer implements AutoCloseable {

  /** An answer that never comes. */
  public static final String SILENCE = "silence";

  /** An answer that is the end of the connection. */
  public static final String HANG_UP = "";

  private static final String NOT_FOUND = answer("404 Not Found", "404 page not found\n");

  private final ServerSocket listener;
  private final Map<String, ConcurrentLinkedDeque<String>> script = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final Thread acceptor;
  private final CountDownLatch closed = new CountDownLatch(1);

  public ScriptedServer() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    acceptor = Thread.ofVirtual().start(this::accept);
  }

  /** A whole answer with a length and some more header lines, each ending in CR LF. */
  public static String answer(String status, String body, String... headers) {
    return "HTTP/1.1 "
        + status
        + "\r\n"
        + String.join("", headers)
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  /** The URL without a slash at the end. */
  public String url() {
    return "http://" + authority();
  }

  public String authority() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Adds an answer for requests such as {@code "GET /v2/members"}. */
  public ScriptedServer on(String request, String answer) {
    script.computeIfAbsent(request, unused -> new ConcurrentLinkedDeque<>()).add(answer);
    return this;
  }

  /** Adds a successful JSON answer of the keys API. */
  public ScriptedServer onKeys(String request, int index, String body) {
    return on(request, answer("200 OK", body, "X-Etcd-Index: " + index + "\r\n"));
  }

  /** Scripts a member list of one member at this server's address. */
  public ScriptedServer asOnlyMember() {
    return on(
        "GET /v2/members",
        answer(
            "200 OK",
            "{\"members\":[{\"id\":\"2e1259d415f2a040\",\"name\":\"s1\","
                + "\"peerURLs\":[\"http://127.0.0.1:2380\"],\"clientURLs\":[\""
                + url()
                + "\"]}]}"));
  }

  /** Requests so far: method, target and, after a space, the body. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many connections were made. */
  public int connections() {
    return connections.size();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    // Only when nobody accepts any more does the system refuse connections to the port.
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = connection.getInputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        String line = head.substring(0, head.indexOf(" HTTP/1.1"));
        String body = new String(in.readNBytes(bodyLength(head)), StandardCharsets.UTF_8);
        String authorization = header(head, "Authorization");
        requests.add(
            (body.isEmpty() ? line : line + " " + body)
                + (authorization.isEmpty() ? "" : " [" + authorization + "]"));
        String answer = next(line);
        if (answer.equals(SILENCE)) {
          closed.await();
        }
        if (answer.isEmpty()) {
          return;
        }
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // The client or the test is done with this connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String next(String request) {
    ConcurrentLinkedDeque<String> queue = script.get(request);
    if (queue == null) {
      return NOT_FOUND;
    }
    String answer = queue.size() > 1 ? queue.poll() : queue.peek();
    return answer == null ? NOT_FOUND : answer;
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0; c = in.read()) {
      head.write(c);
      if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private static int bodyLength(String head) {
    String length = header(head, "Content-Length");
    return length.isEmpty() ? 0 : Integer.parseInt(length);
  }

  private static String header(String head, String name) {
    int start = head.indexOf("\r\n" + name + ": ");
    if (start < 0) {
      return "";
    }
    int value = start + name.length() + 4;
    return head.substring(value, head.indexOf("\r\n", value));
  }
}
