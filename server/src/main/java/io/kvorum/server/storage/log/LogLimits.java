// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

/**
 * The bounds of a log.
 *
 * @param segmentBytes a file that has grown to this size gets a successor
 * @param allocationStepBytes how far room is reserved ahead of the end
 * @param tailBytesMax how many bytes of the newest entries {@link WriteAheadLog#open} hands over
 * @param entriesBehind how many entries before the starting point stay readable, for slow followers
 */
public record LogLimits(
    long segmentBytes, long allocationStepBytes, long tailBytesMax, long entriesBehind) {

  /** etcd's segment size; the others are ours (docs/performance.md). */
  public static final LogLimits DEFAULT = new LogLimits(64_000_000, 4 << 20, 16 << 20, 5000);

  public LogLimits {
    if (segmentBytes < 1 || segmentBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "segmentBytes " + segmentBytes + ": expected 1 to " + Integer.MAX_VALUE);
    }
    if (allocationStepBytes < 1 || tailBytesMax < 1 || entriesBehind < 0) {
      throw new IllegalArgumentException(
          "allocationStepBytes %d, tailBytesMax %d, entriesBehind %d: expected > 0, > 0, >= 0"
              .formatted(allocationStepBytes, tailBytesMax, entriesBehind));
    }
  }

  public LogLimits withSegmentBytes(long bytes) {
    return new LogLimits(bytes, allocationStepBytes, tailBytesMax, entriesBehind);
  }

  public LogLimits withTailBytesMax(long bytes) {
    return new LogLimits(segmentBytes, allocationStepBytes, bytes, entriesBehind);
  }
}
