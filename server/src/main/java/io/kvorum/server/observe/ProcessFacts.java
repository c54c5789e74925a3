// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

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

  /** Memory and its collection, in bytes, counts and nanoseconds, named as Go's runtime does. */
  public static SequencedMap<String, Long> memory() {
    var memory = ManagementFactory.getMemoryMXBean();
    var heap = memory.getHeapMemoryUsage();
    var other = memory.getNonHeapMemoryUsage();
    long collections = 0;
    long pauseMillis = 0;
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections += Math.max(0, collector.getCollectionCount());
      pauseMillis += Math.max(0, collector.getCollectionTime());
    }
    var facts = new LinkedHashMap<String, Long>();
    facts.put("Alloc", heap.getUsed());
    facts.put("Sys", heap.getCommitted() + other.getCommitted());
    facts.put("HeapAlloc", heap.getUsed());
    facts.put("HeapSys", heap.getCommitted());
    facts.put("HeapIdle", heap.getCommitted() - heap.getUsed());
    facts.put("HeapInuse", heap.getUsed());
    facts.put("HeapMax", heap.getMax());
    facts.put("NonHeapInuse", other.getUsed());
    facts.put("NonHeapSys", other.getCommitted());
    facts.put("NumGC", collections);
    facts.put("PauseTotalNs", pauseMillis * 1_000_000);
    for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
      facts.put("Pool " + pool.getName() + " Inuse", pool.getUsage().getUsed());
      facts.put("Pool " + pool.getName() + " Sys", pool.getUsage().getCommitted());
    }
    return facts;
  }

  /**
   * Adds the usual {@code process_*} gauges, each asked for only when the page is made.
   *
   * @param residentBytes the memory that the process has in hand, as the system counts it
   */
  public static void register(Metrics metrics, LongSupplier residentBytes) {
    metrics.gauge(
        "process_resident_memory_bytes",
        "Resident memory size in bytes.",
        residentBytes::getAsLong);
    metrics.gauge(
        "process_virtual_memory_bytes",
        "Virtual memory size in bytes.",
        () -> unix().map(UnixOperatingSystemMXBean::getCommittedVirtualMemorySize).orElse(0L));
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
