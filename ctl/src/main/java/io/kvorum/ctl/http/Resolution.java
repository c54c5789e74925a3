// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Looks a host name up within a time limit. The system's resolver cannot be interrupted, so names
 * are looked up on a thread of their own that is left behind when time is over; addresses are not
 * looked up at all.
 */
final class Resolution {

  private Resolution() {}

  /**
   * The addresses of a host, at least one, in the resolver's order.
   *
   * @throws TransportFailure when there is none
   * @throws TimeLimitReached when the deadline comes first
   */
  static InetAddress[] of(String host, Deadline deadline) {
    if (isLiteral(host)) {
      try {
        return new InetAddress[] {InetAddress.getByName(host)};
      } catch (UnknownHostException e) {
        throw SocketFailures.lookup(host);
      }
    }
    Lookup lookup = new Lookup(host);
    lookup.setDaemon(true);
    lookup.start();
    try {
      lookup.join(deadline.socketMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (lookup.isAlive()) {
      throw new TimeLimitReached();
    }
    InetAddress[] found = lookup.found;
    if (found == null) {
      throw SocketFailures.lookup(host);
    }
    return found;
  }

  /** Whether the text can only be an address: it has a colon, or digits and dots only. */
  private static boolean isLiteral(String host) {
    if (host.indexOf(':') >= 0) {
      return true;
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c != '.' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  private static final class Lookup extends Thread {
    private final String host;

    /** Written before the thread ends, read after it was joined. */
    private volatile InetAddress @Nullable [] found;

    Lookup(String host) {
      super("lookup " + host);
      this.host = host;
    }

    @Override
    public void run() {
      try {
        found = InetAddress.getAllByName(host);
      } catch (UnknownHostException e) {
        found = null;
      }
    }
  }
}
