// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a port on this machine that can be cut, and that can fall silent. */
final class Cable implements AutoCloseable {

  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean silent;

  Cable(int target) throws IOException {
    this.target = target;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** How many connections have come so far. */
  int accepted() {
    return accepted.get();
  }

  /** How many pieces those who came have said, heard or not. */
  int asked() {
    return asked.get();
  }

  /** How many ends are open now. */
  int open() {
    return ends.size();
  }

  /** From now on bytes are swallowed, or pass again. */
  void silence(boolean from) {
    silent = from;
  }

  /** Ends all connections there are. */
  void cut() {
    ends.forEach(Cable::shut);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listening.accept();
        accepted.incrementAndGet();
        Socket far = new Socket("127.0.0.1", target);
        ends.add(near);
        ends.add(far);
        Thread.ofVirtual().start(() -> pump(near, far, asked));
        Thread.ofVirtual().start(() -> pump(far, near, new AtomicInteger()));
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private void pump(Socket from, Socket to, AtomicInteger pieces) {
    byte[] piece = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        pieces.incrementAndGet();
        if (!silent) {
          out.write(piece, 0, read);
        }
      }
    } catch (IOException ended) {
      // The other end is told below.
    } finally {
      ends.remove(from);
      shut(from);
      shut(to);
    }
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
