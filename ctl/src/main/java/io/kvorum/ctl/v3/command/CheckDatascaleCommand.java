// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpAnswer;
import io.kvorum.ctl.http.HttpRequest;
import io.kvorum.ctl.http.HttpTransport;
import io.kvorum.ctl.http.TimeLimitReached;
import io.kvorum.ctl.http.TransportFailure;
import io.kvorum.ctl.v3.client.Endpoint;
import java.util.List;
import java.util.Locale;

/** {@code check datascale}: how much memory the member takes for a number of keys. */
final class CheckDatascaleCommand implements Command {

  private static final Option PREFIX =
      Option.text(
          "/etcdctl-check-datascale/",
          "The prefix for writing the datascale check's keys.",
          List.of("prefix"));

  private static final int VALUE_BYTES = 1024;
  private static final long SECONDS_30 = 30_000_000_000L;
  private static final double MEBIBYTE = 1024 * 1024;
  private static final String METRIC = "process_resident_memory_bytes ";

  private record Load(long keys, int clients) {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "datascale",
        "Check the memory usage of holding data for different workloads on a given server"
            + " endpoint.",
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
    Endpoint endpoint = call.client().endpoints().get(0);
    double before = memory(call, endpoint);
    if (before == 0) {
      throw call.fail(ExitStatus.ERROR, "FAIL: Could not read process_resident_memory_bytes");
    }
    call.output()
        .line(
            "Start data scale check for work load [%d key-value pairs, %d bytes per key-value, %d"
                    .formatted(load.keys(), VALUE_BYTES, load.clients())
                + " concurrent clients].");
    call.output().flush();
    CheckLoad writes =
        new CheckLoad(call.client(), Bytes.utf8(prefix), VALUE_BYTES - 256, load.clients(), 0);
    long written;
    double after;
    try {
      written = writes.run(load.keys(), Long.MAX_VALUE).size();
      after = memory(call, endpoint);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw call.fail(ExitStatus.INTERRUPTED, "interrupted");
    } finally {
      CheckLoad.cleanUp(call, prefix);
    }
    if (written < load.keys()) {
      throw call.fail(
          ExitStatus.ERROR,
          "FAIL: ERROR(" + (load.keys() - written) + " writes failed) -> " + written);
    }
    call.output()
        .line(
            String.format(
                Locale.ROOT,
                "PASS: Approximate system memory used : %.2f MB.",
                Math.max(after - before, 0) / MEBIBYTE));
  }

  private static Load load(Call call) {
    String name = call.flags().text(CheckLoad.LOAD);
    return switch (name) {
      case "s", "small" -> new Load(10_000, 50);
      case "m", "medium" -> new Load(100_000, 200);
      case "l", "large" -> new Load(1_000_000, 500);
      case "xl", "xLarge" -> new Load(3_000_000, 1000);
      default -> throw call.fail(ExitStatus.BAD_FEATURE, "unknown load option " + name);
    };
  }

  private static double memory(Call call, Endpoint endpoint) {
    try {
      HttpAnswer answer =
          new HttpTransport(SECONDS_30)
              .exchange(
                  HttpRequest.get(endpoint.url().resource("/metrics", "")),
                  Deadline.in(SECONDS_30),
                  Deadline.in(SECONDS_30));
      for (String line : answer.body().split("\n")) {
        if (line.startsWith(METRIC)) {
          return Double.parseDouble(line.substring(METRIC.length()).strip());
        }
      }
      return 0;
    } catch (TransportFailure | TimeLimitReached e) {
      throw call.fail(ExitStatus.ERROR, "FAIL: could not read /metrics: " + e.getMessage());
    }
  }
}
