// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.member.Membership;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in etcd's words what became of the cluster version: scripts wait for these lines. */
final class ClusterVersionLog {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterVersionLog.class);

  private Optional<String> last;

  /** Starts with the version found on disk, if any. */
  ClusterVersionLog(Optional<String> stored) {
    last = stored;
    stored.ifPresent(
        version -> {
          LOG.info("set the cluster version to {} from store", minor(version));
          LOG.info("enabled capabilities for version {}", minor(version));
        });
  }

  /** Owned by the apply thread. */
  void look(Membership membership) {
    Optional<String> now = membership.clusterVersion();
    if (now.equals(last) || now.isEmpty()) {
      return;
    }
    if (last.isEmpty()) {
      LOG.info("set the initial cluster version to {}", minor(now.get()));
    } else {
      LOG.info("updated the cluster version from {} to {}", minor(last.get()), minor(now.get()));
    }
    LOG.info("enabled capabilities for version {}", minor(now.get()));
    last = now;
  }

  private static String minor(String version) {
    int dot = version.lastIndexOf('.');
    return dot < 0 ? version : version.substring(0, dot);
  }
}
