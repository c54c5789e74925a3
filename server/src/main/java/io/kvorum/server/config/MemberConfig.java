// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a member needs to know to start.
 *
 * @param notices lines about where values came from, for the log
 */
public record MemberConfig(
    String name,
    Storage storage,
    Listening listening,
    Raft raft,
    Founding founding,
    Features features,
    Requests requests,
    Keyspace keyspace,
    List<String> notices) {

  /** With etcd's bounds on requests and on the v3 keyspace. */
  public MemberConfig(
      String name,
      Storage storage,
      Listening listening,
      Raft raft,
      Founding founding,
      Features features,
      List<String> notices) {
    this(
        name,
        storage,
        listening,
        raft,
        founding,
        features,
        Requests.DEFAULT,
        Keyspace.DEFAULT,
        notices);
  }

  /**
   * Where data live and how much of it is kept.
   *
   * @param walDir the log's folder: {@code <data-dir>/member/wal} unless given
   * @param snapshotCount applied entries between snapshots
   * @param snapshotsMax files kept, 0 for all
   * @param walsMax files kept, 0 for all
   */
  public record Storage(
      Path dataDir, Path walDir, long snapshotCount, int snapshotsMax, int walsMax) {}

  /**
   * URLs to listen on and to advertise, sorted.
   *
   * @param corsOrigins whose pages browsers may let use the client port, {@code *} for all
   */
  public record Listening(
      List<String> peerUrls,
      List<String> clientUrls,
      List<String> advertisedClientUrls,
      List<String> corsOrigins) {

    /** Without pages of other origins. */
    public Listening(
        List<String> peerUrls, List<String> clientUrls, List<String> advertisedClientUrls) {
      this(peerUrls, clientUrls, advertisedClientUrls, List.of());
    }
  }

  /** Timing and rules of consensus. */
  public record Raft(
      Duration heartbeat, Duration electionTimeout, boolean preVote, boolean advanceFirstElection) {

    public int electionTicks() {
      return (int) (electionTimeout.toMillis() / heartbeat.toMillis());
    }

    /** The shortest time of a lease: one and a half election timeouts, in whole ticks. */
    public long leaseSecondsMin() {
      return Math.ceilDiv(electionTicks() * 3L / 2 * heartbeat.toMillis(), 1000L);
    }
  }

  /**
   * How a member without a log becomes one. Ignored when there is a log.
   *
   * @param cluster peer URLs by member name, as given
   * @param existing whether to join a running cluster
   */
  public record Founding(
      Map<String, List<String>> cluster,
      List<String> advertisedPeerUrls,
      String token,
      boolean existing,
      boolean forceNewCluster) {}

  /**
   * How much clients of the v3 API may ask for.
   *
   * @param operationsMax of one branch of a transaction
   * @param bytesMax of one request in the log
   * @param streamsMax under way on one connection
   */
  public record Requests(int operationsMax, int bytesMax, long streamsMax) {
    public static final Requests DEFAULT = new Requests(128, 1_572_864, 4_294_967_295L);
  }

  /**
   * Bounds of the v3 keyspace.
   *
   * @param quotaBytes how much it may hold; 0 for any amount
   * @param retention how much history is kept
   * @param cleaningRecords looked at between two pauses when compacted history is removed
   * @param cleaningPause how long each of them is
   */
  public record Keyspace(
      long quotaBytes, Retention retention, int cleaningRecords, Duration cleaningPause) {

    /** etcd's. */
    public static final Keyspace DEFAULT =
        new Keyspace(2L << 30, new Retention.Everything(), 1000, Duration.ofMillis(10));
  }

  /** How much history of the v3 keyspace is kept without anybody asking for a compaction. */
  public sealed interface Retention {

    /** All of it. */
    record Everything() implements Retention {}

    /** What is not older than that. */
    record Period(Duration age) implements Retention {}

    /** So many revisions. */
    record Revisions(long count) implements Retention {}
  }

  /**
   * Switches.
   *
   * @param leaseCheckpoint whether remaining times of leases are written down; when nothing is
   *     said, while all members are ours
   */
  public record Features(
      StrictReconfigCheck strictReconfigCheck,
      boolean v2,
      String clusterVersionMax,
      Duration watchProgressPeriod,
      String logLevel,
      Accounts accounts,
      Optional<Boolean> leaseCheckpoint) {

    /** How often watchers hear of progress unless something else is said. */
    public static final Duration WATCH_PROGRESS_PERIOD = Duration.ofMinutes(10);

    /** With accounts as usual and nothing said about leases. */
    public Features(
        StrictReconfigCheck strictReconfigCheck,
        boolean v2,
        String clusterVersionMax,
        String logLevel) {
      this(
          strictReconfigCheck,
          v2,
          clusterVersionMax,
          WATCH_PROGRESS_PERIOD,
          logLevel,
          Accounts.USUAL,
          Optional.empty());
    }
  }

  /**
   * How users of the v3 API come in.
   *
   * @param tokenOptions kind and options of tokens, as {@code --auth-token} has them
   * @param tokenLife how long a simple token lives behind its last use
   * @param bcryptCost of passwords hashed here
   * @param v2Anonymous whether the v2 API stays open to everybody while v3's authentication is on
   *     and its own is off
   */
  public record Accounts(
      TokenOptions tokenOptions, Duration tokenLife, int bcryptCost, boolean v2Anonymous) {
    public static final Accounts USUAL =
        new Accounts(TokenOptions.SIMPLE, Duration.ofSeconds(300), 10, false);
  }

  /**
   * Whether a change of the membership that endangers the quorum is refused, for each API: when
   * nothing is said, each does as its own etcd.
   */
  public record StrictReconfigCheck(boolean forV2, boolean forV3) {
    public static final StrictReconfigCheck UNSAID = new StrictReconfigCheck(false, true);
  }
}
