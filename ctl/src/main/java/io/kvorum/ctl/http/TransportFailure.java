// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

/**
 * One attempt to get an answer from one endpoint failed. The message is what Go's HTTP client of
 * 2016 says, since etcdctl prints it. A write that was sent may have happened.
 */
public final class TransportFailure extends RuntimeException {

  private final boolean connectionProblem;

  private TransportFailure(String message, boolean connectionProblem) {
    super(message, null, false, false);
    this.connectionProblem = connectionProblem;
  }

  /** Nobody could be reached, or the conversation broke off while reading. */
  public static TransportFailure ofConnection(String message) {
    return new TransportFailure(message, true);
  }

  /** Any other failure. */
  public static TransportFailure of(String message) {
    return new TransportFailure(message, false);
  }

  /** Whether etcdctl counts this as "no connection" (exit status 2 while synchronising). */
  public boolean isConnectionProblem() {
    return connectionProblem;
  }

  /** The message never is absent here. */
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
