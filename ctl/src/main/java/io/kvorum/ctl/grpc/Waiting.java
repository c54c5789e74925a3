// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import io.kvorum.ctl.http.Deadline;

/** Waits on a monitor until it is notified or a deadline comes. */
final class Waiting {

  private Waiting() {}

  /** One wait; the caller holds the monitor and checks its condition again. */
  static void on(Object monitor, Deadline until) {
    try {
      monitor.wait(until.socketMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RpcFailure(RpcStatus.CANCELLED, "context canceled", true);
    }
  }
}
