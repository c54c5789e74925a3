// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/**
 * A client's message that can not even be made a command. Thrown while reading, and turned into the
 * refusal where the message was received.
 */
public final class UnsoundRequest extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Refusal.Unsound.Reason reason;

  UnsoundRequest(Refusal.Unsound.Reason reason) {
    super("unsound request: " + reason);
    this.reason = reason;
  }

  public Refusal.Unsound refusal() {
    return new Refusal.Unsound(reason);
  }
}
