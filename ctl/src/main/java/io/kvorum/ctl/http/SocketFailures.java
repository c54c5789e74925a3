// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/** What the JVM says about sockets, put into the words of Go 1.6's network library. */
final class SocketFailures {

  private static final String DEFAULT_NAME_SERVER = "127.0.0.1";

  private SocketFailures() {}

  static TransportFailure connect(InetSocketAddress address, IOException cause) {
    String reason = reason(cause);
    // Go learns of most failures by polling the socket, of this one from connect itself.
    String call = reason.equals("network is unreachable") ? "connect" : "getsockopt";
    return TransportFailure.ofConnection("dial tcp " + text(address) + ": " + call + ": " + reason);
  }

  static TransportFailure connectTimeout(InetSocketAddress address) {
    return TransportFailure.ofConnection("dial tcp " + text(address) + ": i/o timeout");
  }

  static TransportFailure lookup(String host) {
    return TransportFailure.ofConnection(
        "dial tcp: lookup " + host + " on " + nameServer() + ":53: no such host");
  }

  static TransportFailure lookupTimeout(String host) {
    return TransportFailure.ofConnection("dial tcp: lookup " + host + ": i/o timeout");
  }

  static TransportFailure read(Socket socket, IOException cause) {
    if (cause instanceof SSLException) {
      return tls(cause);
    }
    return TransportFailure.ofConnection(conversation("read", socket) + reason(cause));
  }

  static TransportFailure write(Socket socket, IOException cause) {
    if (cause instanceof SSLException) {
      return tls(cause);
    }
    return TransportFailure.of(conversation("write", socket) + reason(cause));
  }

  private static TransportFailure tls(IOException cause) {
    String message = cause.getMessage();
    if (message == null) {
      return TransportFailure.of("tls: handshake failure");
    }
    if (message.contains("Unsupported or unrecognized SSL message")) {
      return TransportFailure.of("tls: first record does not look like a TLS handshake");
    }
    boolean hungUp = message.contains("Remote host terminated the handshake");
    return TransportFailure.of(hungUp ? "EOF" : "tls: " + message);
  }

  private static String conversation(String call, Socket socket) {
    String local = text(new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()));
    String remote = text(new InetSocketAddress(socket.getInetAddress(), socket.getPort()));
    return call + " tcp " + local + "->" + remote + ": " + call + ": ";
  }

  private static String reason(IOException cause) {
    String message = cause.getMessage();
    if (message == null || message.isEmpty()) {
      return "unknown error";
    }
    if (message.startsWith("Connection reset")) {
      return "connection reset by peer";
    }
    int detail = message.indexOf(" (");
    String bare = detail < 0 ? message : message.substring(0, detail);
    return Character.toLowerCase(bare.charAt(0)) + bare.substring(1);
  }

  private static String text(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    String host = ip == null ? address.getHostString() : ip.getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** The first name server of the system, which Go names in its message. */
  private static String nameServer() {
    try (BufferedReader lines =
        new BufferedReader(new FileReader("/etc/resolv.conf", StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("nameserver ")) {
          return line.substring("nameserver ".length()).trim();
        }
      }
    } catch (IOException e) {
      // Then what resolvers use without the file.
    }
    return DEFAULT_NAME_SERVER;
  }
}
