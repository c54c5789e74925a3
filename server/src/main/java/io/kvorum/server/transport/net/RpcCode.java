// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import java.util.Locale;

/** How a call can end, as gRPC numbers it: the order is the numbering. */
public enum RpcCode {
  OK,
  CANCELLED,
  UNKNOWN,
  INVALID_ARGUMENT,
  DEADLINE_EXCEEDED,
  NOT_FOUND,
  ALREADY_EXISTS,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  FAILED_PRECONDITION,
  ABORTED,
  OUT_OF_RANGE,
  UNIMPLEMENTED,
  INTERNAL,
  UNAVAILABLE,
  DATA_LOSS,
  UNAUTHENTICATED;

  public int number() {
    return ordinal();
  }

  /** The name that Go's gRPC prints, as {@code InvalidArgument}. */
  public String goName() {
    if (this == OK) {
      return name();
    }
    if (this == CANCELLED) {
      return "Canceled";
    }
    var text = new StringBuilder();
    for (var word : name().split("_", -1)) {
      text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }
}
