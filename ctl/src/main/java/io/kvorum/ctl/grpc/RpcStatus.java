// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

/** gRPC's status codes under the names that Go prints; a code's number is its position. */
public enum RpcStatus {
  OK("OK"),
  CANCELLED("Canceled"),
  UNKNOWN("Unknown"),
  INVALID_ARGUMENT("InvalidArgument"),
  DEADLINE_EXCEEDED("DeadlineExceeded"),
  NOT_FOUND("NotFound"),
  ALREADY_EXISTS("AlreadyExists"),
  PERMISSION_DENIED("PermissionDenied"),
  RESOURCE_EXHAUSTED("ResourceExhausted"),
  FAILED_PRECONDITION("FailedPrecondition"),
  ABORTED("Aborted"),
  OUT_OF_RANGE("OutOfRange"),
  UNIMPLEMENTED("Unimplemented"),
  INTERNAL("Internal"),
  UNAVAILABLE("Unavailable"),
  DATA_LOSS("DataLoss"),
  UNAUTHENTICATED("Unauthenticated");

  private final String goName;

  RpcStatus(String goName) {
    this.goName = goName;
  }

  /** As Go prints it. */
  public String goName() {
    return goName;
  }

  /** The code with a number as a trailer has it; {@link #UNKNOWN} for what is none. */
  static RpcStatus of(String number) {
    try {
      int code = Integer.parseInt(number);
      return code >= 0 && code < values().length ? values()[code] : UNKNOWN;
    } catch (NumberFormatException e) {
      return UNKNOWN;
    }
  }
}
