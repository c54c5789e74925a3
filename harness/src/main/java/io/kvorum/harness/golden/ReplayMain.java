// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.process.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Replays recordings from the command line: {@code [--genuine] FOLDER RECORDING...}, where the
 * folder is a distribution, or with {@code --genuine} the one that has a genuine etcd and etcdctl.
 * With {@code --no-departures} the reviewed list is not used.
 */
final class ReplayMain {
  private ReplayMain() {}

  public static void main(String[] args) throws IOException {
    List<String> plain = Arrays.stream(args).filter(a -> !a.startsWith("--")).toList();
    List<String> options = Arrays.stream(args).filter(a -> a.startsWith("--")).toList();
    if (options.contains("--table")) {
      System.out.print(DeparturesTable.render(Departures.ours()));
      return;
    }
    Path folder = Path.of(plain.get(0));
    Distribution distribution =
        options.contains("--genuine") ? Distribution.genuine(folder) : Distribution.at(folder);
    Departures departures =
        options.contains("--no-departures") ? Departures.none() : Departures.ours();
    boolean failed = false;
    for (String name : plain.subList(1, plain.size())) {
      ReplayReport report =
          name.contains("/gateway-")
              ? GatewayReplay.run(
                  name, distribution, departures, Files.createTempDirectory("replay"))
              : Replay.run(name, distribution, departures, Files.createTempDirectory("replay"));
      System.out.println(report);
      failed |= !report.failed().isEmpty();
    }
    System.exit(failed ? 1 : 0);
  }
}
