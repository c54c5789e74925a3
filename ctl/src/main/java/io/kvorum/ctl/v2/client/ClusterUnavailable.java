// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import java.util.List;

/** Every endpoint was tried, none gave an answer that counts. */
public final class ClusterUnavailable extends ApiFailure {

  private final transient List<String> details;
  private final boolean connectionProblem;

  ClusterUnavailable(List<String> details, boolean connectionProblem) {
    super("client: etcd cluster is unavailable or misconfigured");
    this.details = List.copyOf(details);
    this.connectionProblem = connectionProblem;
  }

  @Override
  public List<String> details() {
    return details;
  }

  @Override
  public boolean isConnectionProblem() {
    return connectionProblem;
  }
}
