// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

/**
 * The bounds of watching.
 *
 * @param recentRevisions most revisions kept in memory for watchers; a power of two. Beyond, who
 *     still needs one reads it from the store
 * @param recentBytes most bytes of events kept in memory; as above
 * @param matchesPerRange most revisions noted for one watched range; as above
 * @param messageRevisions most revisions in one message (etcd: 1000)
 * @param messageBytes a message ends with the revision in which it becomes longer than that
 * @param pieceRevisions most revisions read from the store at once
 * @param pieceBytes a piece read from the store ends with the revision in which it exceeds that
 * @param watchersMax most watchers of a member; more are refused
 */
public record WatchLimits(
    int recentRevisions,
    long recentBytes,
    int matchesPerRange,
    int messageRevisions,
    long messageBytes,
    int pieceRevisions,
    long pieceBytes,
    int watchersMax) {

  public static final WatchLimits DEFAULT =
      new WatchLimits(1 << 16, 16L << 20, 1024, 1000, 64L << 10, 1000, 256L << 10, 1 << 20);

  public WatchLimits {
    if (Integer.bitCount(recentRevisions) != 1) {
      throw new IllegalArgumentException(
          "recentRevisions " + recentRevisions + ": a power of two is expected");
    }
  }
}
