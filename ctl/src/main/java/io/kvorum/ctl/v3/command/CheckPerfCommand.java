// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import java.util.List;
import java.util.Locale;

/** {@code check perf}: whether the cluster keeps up with a minute of writes. */
final class CheckPerfCommand implements Command {

  private static final Option PREFIX =
      Option.text(
          "/etcdctl-check-perf/",
          "The prefix for writing the performance check's keys.",
          List.of("prefix"));

  private static final long NANOS = 60_000_000_000L;
  private static final int VALUE_BYTES = 1024;
  private static final double SLOWEST_SECONDS_MAX = 0.5;
  private static final double DEVIATION_SECONDS_MAX = 0.1;

  private record Load(int perSecond, int clients) {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "perf",
        "Check the performance of the etcd cluster",
        "[options] [flags]",
        CheckLoad.AUTO_COMPACT,
        CheckLoad.AUTO_DEFRAG,
        CheckLoad.LOAD,
        PREFIX);
  }

  @Override
  public void run(Call call) {
    Load load = load(call);
    String prefix = call.flags().text(PREFIX);
    CheckLoad.requireEmpty(call, prefix);
    CheckLoad writes =
        new CheckLoad(
            call.client(), Bytes.utf8(prefix), VALUE_BYTES, load.clients(), load.perSecond());
    List<Long> took;
    try {
      took = writes.run(Long.MAX_VALUE, NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw call.fail(ExitStatus.INTERRUPTED, "interrupted");
    } finally {
      CheckLoad.cleanUp(call, prefix);
    }
    if (!judge(call, load, took)) {
      call.output().line("FAIL");
      throw new io.kvorum.ctl.terminal.CommandExit(ExitStatus.ERROR);
    }
    call.output().line("PASS");
  }

  private static Load load(Call call) {
    String name = call.flags().text(CheckLoad.LOAD);
    return switch (name) {
      case "s", "small" -> new Load(150, 50);
      case "m", "medium" -> new Load(1000, 200);
      case "l", "large" -> new Load(8000, 500);
      case "xl", "xLarge" -> new Load(15000, 1000);
      default -> throw call.fail(ExitStatus.BAD_FEATURE, "unknown load option " + name);
    };
  }

  private static boolean judge(Call call, Load load, List<Long> took) {
    double sum = 0;
    double slowest = 0;
    for (long nanos : took) {
      sum += nanos / 1e9;
      slowest = Math.max(slowest, nanos / 1e9);
    }
    double mean = took.isEmpty() ? 0 : sum / took.size();
    double squares = 0;
    for (long nanos : took) {
      squares += (nanos / 1e9 - mean) * (nanos / 1e9 - mean);
    }
    double deviation = took.isEmpty() ? 0 : Math.sqrt(squares / took.size());
    long throughput = took.size() / (NANOS / 1_000_000_000L);
    boolean fast = throughput >= load.perSecond() * 9L / 10;
    call.output()
        .line(
            (fast ? "PASS: Throughput is " : "FAIL: Throughput too low: ")
                + throughput
                + " writes/s");
    boolean prompt = slowest <= SLOWEST_SECONDS_MAX;
    call.output()
        .line(
            (prompt ? "PASS: Slowest request took " : "Slowest request took too long: ")
                + seconds(slowest));
    boolean steady = deviation <= DEVIATION_SECONDS_MAX;
    call.output().line((steady ? "PASS: Stddev is " : "Stddev too high: ") + seconds(deviation));
    return fast && prompt && steady;
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%fs", value);
  }
}
