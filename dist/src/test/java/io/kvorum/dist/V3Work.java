// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes of the v3 API by the genuine client, and what all members must show of them. */
final class V3Work {
  private static final Duration REST = Duration.ofSeconds(30);

  private final Path folder;
  private final Distribution genuine;

  /** In a folder for the client's runs; skipped where there is no genuine client. */
  V3Work(Path folder) {
    this.folder = folder;
    genuine = GenuineEtcd.findOrSkip();
  }

  /** Puts, deletes and a transaction through one member. */
  void at(Seat seat, String prefix) {
    assertEquals("OK\n", run(seat, "", "put", prefix + "/a", "1"));
    assertEquals("OK\n", run(seat, "", "put", prefix + "/a", "2"));
    assertEquals("OK\n", run(seat, "", "put", prefix + "/b", "to go"));
    assertEquals("1\n", run(seat, "", "del", prefix + "/b"));
    String transaction =
        """
        value("%1$s/a") = "2"

        put %1$s/c "from a transaction"
        get %1$s/a

        put %1$s/wrong 1

        """
            .formatted(prefix);
    assertEquals("SUCCESS\n\nOK\n\n%s/a\n2\n".formatted(prefix), run(seat, transaction, "txn"));
  }

  /** What a member itself has, without asking others. */
  String pairs(Seat seat) {
    return run(seat, "", "get", "", "--prefix", "--consistency=s", "--write-out=json")
        .replaceAll("\"header\":\\{[^}]*}", "");
  }

  /** All members have the same pairs and the same hash of all revisions. */
  void requireEqual(List<Seat> seats) {
    Await.require(
        "the same revision on all members",
        REST,
        () -> seats.stream().map(this::pairs).distinct().count() == 1);
    Seat first = seats.get(0);
    for (Seat seat : seats) {
      assertEquals(hash(first), hash(seat), "hashes of " + first + " and " + seat);
    }
  }

  private String hash(Seat seat) {
    String line = run(seat, "", "endpoint", "hashkv");
    return line.substring(line.indexOf(", ") + 2);
  }

  private String run(Seat seat, String input, String... words) {
    List<String> command = new ArrayList<>();
    command.add(genuine.etcdctl().toString());
    command.addAll(List.of("--endpoints", seat.clientUrl()));
    command.addAll(List.of(words));
    Commands commands = new Commands(List.of(), Map.of("ETCDCTL_API", "3"), folder);
    try (var program = commands.start(command, Map.of(), input)) {
      CommandResult result = Commands.finish(program, REST);
      assertEquals(0, result.exit(), seat + ": " + command + ": " + result.output());
      return result.stdout();
    }
  }
}
