// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import java.util.List;

/**
 * An API call did not give a result. The message is what etcdctl prints after {@code Error:}; a
 * write may have happened unless it is a {@link ServerRefusal}.
 */
public abstract sealed class ApiFailure extends RuntimeException
    permits ClusterUnavailable, CallTimedOut, NoEndpoints, ServerRefusal, UnusableAnswer {

  ApiFailure(String message) {
    super(message, null, false, false);
  }

  /** The message never is absent here. */
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }

  /** What each endpoint said, in the order tried; empty when there is nothing to add. */
  public List<String> details() {
    return List.of();
  }

  /** Whether the reason is that no server could be reached at all. */
  public boolean isConnectionProblem() {
    return false;
  }
}
