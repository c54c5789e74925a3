// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.raft.RaftConfig;
import java.util.random.RandomGenerator;

/**
 * How rough one seed's life is. Times are in microseconds, rates in 0 to 1; a mean is that of an
 * exponential distribution.
 *
 * @param ordered whether what one node sends another arrives in that order, as over one connection
 * @param restlessness how much of all trouble is the operator changing the membership
 */
record Profile(
    int nodes,
    double dropRate,
    double duplicateRate,
    long delayMicros,
    long jitterMicros,
    double lateRate,
    boolean ordered,
    long faultMeanMicros,
    long writeMeanMicros,
    long readMeanMicros,
    long flushMeanMicros,
    long syncMicros,
    long applyMicros,
    int logKept,
    double batchingRate,
    int messageBytesMax,
    int inflightMax,
    int tailBytesMax,
    double withoutPreVoteRate,
    double restlessness) {

  static Profile random(RandomGenerator random) {
    return new Profile(
        oneOf(random, 3, 3, 3, 3, 5, 5, 5, 4, 2, 1, 7),
        oneOf(random, 0, 0.01, 0.05, 0.2),
        oneOf(random, 0, 0.02, 0.1),
        oneOf(random, 200, 1_000, 5_000),
        oneOf(random, 500, 5_000, 50_000),
        oneOf(random, 0, 0.01),
        random.nextBoolean(),
        oneOf(random, 800_000, 2_000_000, 5_000_000),
        oneOf(random, 80_000, 200_000, 500_000),
        oneOf(random, 100_000, 300_000),
        oneOf(random, 300_000, 2_000_000, 10_000_000),
        oneOf(random, 200, 5_000, 60_000),
        oneOf(random, 50, 500, 10_000),
        oneOf(random, 0, 3, 20, 200),
        oneOf(random, 0, 0.2, 0.6),
        oneOf(random, 1, 100, 400, 1 << 20),
        oneOf(random, 1, 2, 5, 512),
        oneOf(random, 0, 200, 2_000, 1 << 20),
        oneOf(random, 0, 0, 0, 0.5),
        oneOf(random, 0, 0, 0, 0.6));
  }

  /** Nothing goes wrong by itself: what named scenarios start from. */
  static Profile quiet(int nodes) {
    return new Profile(
        nodes, 0, 0, 500, 500, 0, true, 0, 0, 0, 1_000_000, 500, 100, 1_000, 0, 1 << 20, 512,
        1 << 20, 0, 0);
  }

  RaftConfig raft(long id, RandomGenerator random) {
    boolean preVote = random.nextDouble() >= withoutPreVoteRate;
    return new RaftConfig(id, 10, 1, messageBytesMax, inflightMax, tailBytesMax, preVote, true);
  }

  private static int oneOf(RandomGenerator random, int... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static double oneOf(RandomGenerator random, double... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
