// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

/** A call that did not end well: the server's refusal, or no answer. */
public final class RpcFailure extends RuntimeException {

  private static final String SERVER_PREFIX = "etcdserver: ";

  private final RpcStatus status;
  private final String description;
  private final boolean sent;

  /**
   * @param sent whether the server may have seen the request; a write may have happened then
   */
  public RpcFailure(RpcStatus status, String description, boolean sent) {
    super(goText(status, description), null, false, false);
    this.status = status;
    this.description = description;
    this.sent = sent;
  }

  /** No answer came before the time was up. */
  public static RpcFailure deadline(boolean sent) {
    return new RpcFailure(RpcStatus.DEADLINE_EXCEEDED, "context deadline exceeded", sent);
  }

  /** The connection could not be made or is gone. */
  static RpcFailure unavailable(String why, boolean sent) {
    return new RpcFailure(RpcStatus.UNAVAILABLE, why, sent);
  }

  public RpcStatus status() {
    return status;
  }

  /** The server's text. */
  public String description() {
    return description;
  }

  /** Whether the server may have seen the request. */
  public boolean sent() {
    return sent;
  }

  /** As a status of Go's library is printed. */
  public String statusText() {
    return "rpc error: code = " + status.goName() + " desc = " + description;
  }

  /** What etcdctl prints: its own errors bare, those of others as gRPC has them. */
  private static String goText(RpcStatus status, String description) {
    if (description.startsWith(SERVER_PREFIX)) {
      return description;
    }
    if (status == RpcStatus.DEADLINE_EXCEEDED) {
      return "context deadline exceeded";
    }
    return "rpc error: code = " + status.goName() + " desc = " + description;
  }
}
