// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.io.IOException;
import java.net.Socket;

/**
 * Ends a blocked write at its deadline by closing the socket. Sockets have no write time-out; a
 * large value sent to a member that does not read would block for ever otherwise.
 */
final class WriteWatch implements Runnable {

  private final Socket socket;
  private final Deadline deadline;
  private final Thread thread;

  WriteWatch(Socket socket, Deadline deadline) {
    this.socket = socket;
    this.deadline = deadline;
    this.thread = new Thread(this, "write watch");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      Thread.sleep(deadline.socketMillis());
      socket.close();
    } catch (InterruptedException e) {
      // The write is done: nothing to watch any more.
    } catch (IOException e) {
      // It is closed as far as the writer is concerned.
    }
  }

  /** Ends the watch; afterwards the socket is not touched. */
  void stop() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
