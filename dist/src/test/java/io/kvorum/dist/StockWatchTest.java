// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Program;
import io.kvorum.harness.process.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's etcdctl 3.4.23 watches a cluster of ours whose members are killed. */
class StockWatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PUTS = 60;
  private static final int PUTS_PER_KILL = 15;
  private static final Pattern CHANGED = Pattern.compile("\"mod_revision\":(\\d+)");
  private static final Pattern NOW = Pattern.compile("\"revision\":(\\d+)");

  @TempDir private Path folder;

  @Test
  void eachRevisionIsToldOnceAndInOrderWhileMembersAreKilled() {
    Distribution genuine = GenuineEtcd.findOrSkip();
    try (KillCluster cluster = new KillCluster(DistributionUnderTest.find(), folder)) {
      List<Member> members = cluster.members();
      members.forEach(Member::start);
      members.forEach(member -> member.awaitReady(PATIENCE));
      Stock etcdctl = new Stock(genuine, members, folder);
      try (Program live = etcdctl.start("watch", "--prefix", "w/", "-w", "json")) {
        // Told of this one, it stands.
        Await.require(
            "a watch",
            PATIENCE,
            () -> {
              etcdctl.run("put", "w/first", "0");
              return !revisions(live).isEmpty();
            });
        long first = revisions(live).getFirst();
        for (int i = 0; i < PUTS; i++) {
          if (i % PUTS_PER_KILL == 5) {
            Member victim = members.get(i / PUTS_PER_KILL % members.size());
            victim.stop(Signal.KILL);
            etcdctl.run("put", "w/" + i, "while one is down");
            victim.start();
          }
          etcdctl.run("put", "w/" + i % 7, "" + i);
        }
        members.forEach(member -> member.awaitReady(PATIENCE));
        long last = revision(etcdctl.run("get", "w/first", "-w", "json"));
        assertTrue(last >= first + PUTS / 2, "most puts were done: " + last);
        Await.require("the last event", PATIENCE, () -> revisions(live).contains(last));
        assertEquals(LongStream.rangeClosed(first, last).boxed().toList(), revisions(live));
        try (Program past = etcdctl.start("watch", "w/", "w0", "--rev=2", "-w", "json")) {
          Await.require("the past", PATIENCE, () -> revisions(past).contains(last));
          assertEquals(LongStream.rangeClosed(2, last).boxed().toList(), revisions(past));
        }
      }
      withTheVersionBefore(etcdctl);
    }
  }

  private static void withTheVersionBefore(Stock etcdctl) {
    etcdctl.run("put", "before", "1");
    long revision = revision(etcdctl.run("get", "before", "-w", "json"));
    etcdctl.run("put", "before", "2");
    etcdctl.run("del", "before");
    try (Program watch = etcdctl.start("watch", "before", "--prev-kv", "--rev=" + (revision + 1))) {
      String expected = "PUT\nbefore\n1\nbefore\n2\nDELETE\nbefore\n2\nbefore\n\n";
      Await.require(
          "versions before", PATIENCE, () -> watch.stdout().length() >= expected.length());
      assertEquals(expected, watch.stdout());
    }
  }

  private static List<Long> revisions(Program watch) {
    List<Long> found = new ArrayList<>();
    String text = watch.stdout();
    // A line may be half written.
    Matcher matcher = CHANGED.matcher(text.substring(0, text.lastIndexOf('\n') + 1));
    while (matcher.find()) {
      found.add(Long.parseLong(matcher.group(1)));
    }
    return found;
  }

  private static long revision(CommandResult answer) {
    Matcher matcher = NOW.matcher(answer.stdout());
    assertTrue(matcher.find(), answer::output);
    return Long.parseLong(matcher.group(1));
  }

  /** The genuine client, which knows all members. */
  private record Stock(String program, String endpoints, Commands commands) {
    Stock(Distribution genuine, List<Member> members, Path folder) {
      this(
          genuine.etcdctl().toString(),
          members.stream()
              .map(member -> member.client().getHostString() + ":" + member.client().getPort())
              .collect(Collectors.joining(",")),
          new Commands(List.of(), Map.of("ETCDCTL_API", "3"), folder));
    }

    /** A command whose fate may be unknown while a member is killed. */
    CommandResult run(String... arguments) {
      return commands.run(command(arguments), Map.of(), "", PATIENCE);
    }

    Program start(String... arguments) {
      return commands.start(command(arguments), Map.of(), "");
    }

    private List<String> command(String... arguments) {
      List<String> command = new ArrayList<>(List.of(program, "--endpoints=" + endpoints));
      command.addAll(List.of(arguments));
      return command;
    }
  }
}
