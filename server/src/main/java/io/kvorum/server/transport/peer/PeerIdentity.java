// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.MemberId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/**
 * Who this member is towards the others, and whom it talks to.
 *
 * @param version the release presented, digits and dots
 * @param product the release of Kvorum itself; by its header our members know each other
 * @param peerUrls where this member says it can be reached
 */
public record PeerIdentity(
    MemberId member, MemberId cluster, String version, String product, List<String> peerUrls) {

  static final String FROM = "X-Server-From";
  static final String VERSION = "X-Server-Version";
  static final String MIN_CLUSTER_VERSION = "X-Min-Cluster-Version";
  static final String CLUSTER_ID = "X-Etcd-Cluster-ID";
  static final String RAFT_TO = "X-Raft-To";
  static final String PEER_URLS = "X-PeerURLs";
  static final String PRODUCT = "X-Kvorum-Version";

  /** Members of 3.0 and later refuse anything older. */
  private static final String MIN_CLUSTER = "3.0.0";

  /** Genuine members of this release and later end themselves at the first v2 write they apply. */
  private static final String WITHOUT_V2 = "3.6.0";

  /** What a member that sends no version is taken for. */
  private static final String OLDEST = "2.0.0";

  /** The headers of every raft request. */
  MultiMap requestHeaders() {
    return HttpHeaders.headers()
        .set(FROM, member.hex())
        .set(VERSION, version)
        .set(MIN_CLUSTER_VERSION, MIN_CLUSTER)
        .set(CLUSTER_ID, cluster.hex())
        .set(PRODUCT, product)
        .set(PEER_URLS, String.join(",", peerUrls));
  }

  /** Why a raft request with these headers is refused (with 412), if it is. */
  Optional<String> objection(MultiMap headers) {
    String theirs = orOldest(headers.get(VERSION));
    String theirMin = orOldest(headers.get(MIN_CLUSTER_VERSION));
    if (compareMinor(theirs, MIN_CLUSTER) < 0 || compareMinor(theirMin, version) > 0) {
      return Optional.of("incompatible version");
    }
    return isOwnCluster(headers) ? Optional.empty() : Optional.of("cluster ID mismatch");
  }

  /** The release of a genuine member that does not survive v2 writes, if this comes from one. */
  static Optional<String> releaseWithoutV2(MultiMap headers) {
    String theirs = orOldest(headers.get(VERSION));
    boolean stops = !headers.contains(PRODUCT) && compareMinor(theirs, WITHOUT_V2) >= 0;
    return stops ? Optional.of(theirs) : Optional.empty();
  }

  /**
   * What a member's headers tell of it.
   *
   * @param ours whether it is a member of ours
   * @param releaseWithoutV2 as {@link #releaseWithoutV2} says
   */
  record Acquaintance(boolean ours, Optional<String> releaseWithoutV2) {

    static Acquaintance of(MultiMap headers) {
      return new Acquaintance(headers.contains(PRODUCT), PeerIdentity.releaseWithoutV2(headers));
    }
  }

  /**
   * Whether an answer with these headers comes from a member of this cluster. Anything may listen
   * where a member did; to be told that one is removed for good takes a member.
   */
  boolean isOwnCluster(MultiMap headers) {
    return cluster.hex().equals(headers.get(CLUSTER_ID));
  }

  private static String orOldest(String version) {
    return version == null || version.isEmpty() ? OLDEST : version;
  }

  /** Compares major and minor numbers; anything unreadable counts as 0. */
  static int compareMinor(String left, String right) {
    int byMajor = Integer.compare(part(left, 0), part(right, 0));
    return byMajor != 0 ? byMajor : Integer.compare(part(left, 1), part(right, 1));
  }

  private static int part(String version, int index) {
    String[] parts = version.split("\\.", -1);
    if (index >= parts.length || parts[index].length() > 6) {
      return 0;
    }
    int value = 0;
    for (char digit : parts[index].toCharArray()) {
      if (digit < '0' || digit > '9') {
        return value;
      }
      value = 10 * value + (digit - '0');
    }
    return value;
  }
}
