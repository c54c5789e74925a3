// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.base.MinorVersion;
import io.kvorum.server.member.Membership;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in etcd's words what became of the cluster version: scripts wait for these lines. Entries of
 * a version above our own may mean what we do not know, so a member goes no further there.
 */
final class ClusterVersionLog {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterVersionLog.class);

  private Optional<String> last;

  /** Starts with the version found on disk, if any. Throws {@link StartFailure} above our own. */
  ClusterVersionLog(Optional<String> stored) {
    stored
        .filter(ClusterVersionLog::isAboveOurs)
        .ifPresent(
            version -> {
              throw new StartFailure(downgrade(version));
            });
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
    if (isAboveOurs(now.get())) {
      throw new IllegalStateException(downgrade(now.get()));
    }
    if (last.isEmpty()) {
      LOG.info("set the initial cluster version to {}", minor(now.get()));
    } else {
      LOG.info("updated the cluster version from {} to {}", minor(last.get()), minor(now.get()));
    }
    LOG.info("enabled capabilities for version {}", minor(now.get()));
    last = now;
  }

  private static boolean isAboveOurs(String version) {
    return MinorVersion.compare(version, ServerVersion.API) > 0;
  }

  private static String downgrade(String version) {
    return "invalid downgrade; server version is lower than determined cluster version: "
        + ServerVersion.API
        + " below "
        + version;
  }

  private static String minor(String version) {
    int dot = version.lastIndexOf('.');
    return dot < 0 ? version : version.substring(0, dot);
  }
}
