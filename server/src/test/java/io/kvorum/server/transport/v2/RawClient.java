// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A connection on which anything may be sent. */
final class RawClient implements AutoCloseable {
  private final Socket socket = new Socket();

  RawClient(InetSocketAddress server) {
    try {
      socket.connect(server);
      socket.setSoTimeout((int) TestPort.PATIENCE.toMillis());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends bytes, one a character. What the server does not want to hear any more is dropped. */
  RawClient send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (SocketException closed) {
      // Its answer is still to be read.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** The next line, without its end. */
  String line() {
    var line = new StringBuilder();
    try {
      for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
        if (c == '\n') {
          return line.toString().strip();
        }
        line.append((char) c);
      }
      return line.toString();
    } catch (IOException e) {
      throw new AssertionError("after " + line, e);
    }
  }

  /** Everything until the server closes. */
  String rest() {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException reset) {
      return "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
