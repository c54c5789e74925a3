// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What the platform tells about this process. */
public final class ProcessFacts {
  private ProcessFacts() {}

  private static Optional<UnixOperatingSystemMXBean> unix() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? Optional.of(unix)
        : Optional.empty();
  }

  /** How many files it may have open; 0 when the platform does not say. */
  public static long fileDescriptorsMax() {
    return unix().map(UnixOperatingSystemMXBean::getMaxFileDescriptorCount).orElse(0L);
  }

  /** How much heap is in use, and how much there is, in bytes. */
  public static long[] heapBytes() {
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new long[] {heap.getUsed(), heap.getCommitted()};
  }

  /** Adds the usual {@code process_*} gauges, each asked for only when the page is made. */
  public static void register(Metrics metrics) {
    metrics.gauge(
        "process_open_fds",
        "Number of open file descriptors.",
        () -> unix().map(UnixOperatingSystemMXBean::getOpenFileDescriptorCount).orElse(0L));
    metrics.gauge(
        "process_max_fds",
        "Maximum number of open file descriptors.",
        ProcessFacts::fileDescriptorsMax);
    metrics.gauge(
        "process_cpu_seconds_total",
        "Total user and system CPU time spent in seconds.",
        () -> unix().map(unix -> unix.getProcessCpuTime() / 1e9).orElse(0.0));
    metrics.gauge(
        "process_start_time_seconds",
        "Start time of the process since unix epoch in seconds.",
        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
  }
}
