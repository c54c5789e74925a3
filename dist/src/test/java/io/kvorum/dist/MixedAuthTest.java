// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Users of the v3 API in a cluster of ours and a genuine etcd, told by Debian's etcdctl: made at
 * either, switched on and off at either, logged in at either, with a password changed at either;
 * and after a restart of ours.
 */
class MixedAuthTest {
  private static final Duration CATCH_UP = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @Test
  void whatIsSetAtEitherHoldsAtBoth() {
    MixedCluster.play(
        folder,
        List.of(),
        cluster -> {
          cluster.found(1, 1);
          Seat ours = cluster.seats().get(0);
          Seat genuine = cluster.seats().get(1);
          round(ours, genuine);
          ours.member().stop(Signal.KILL);
          ours.member().start();
          ours.member().awaitReady(MixedCluster.READY);
          round(genuine, ours);
        });
  }

  /** Everything once, begun at {@code first}. */
  private void round(Seat first, Seat second) {
    done(first, "user", "add", "root:rootpw");
    done(second, "user", "grant-role", "root", "root");
    done(second, "user", "add", "alice:apw");
    done(first, "role", "add", "r");
    done(first, "role", "grant-permission", "r", "readwrite", "k", "--prefix");
    done(second, "role", "grant-permission", "r", "read", "a");
    done(first, "user", "grant-role", "alice", "r");
    assertEquals(
        done(first, "role", "get", "r").stdout(), done(second, "role", "get", "r").stdout());
    done(first, "auth", "enable");
    for (Seat seat : List.of(first, second)) {
      Await.require(
          "authentication at " + seat,
          CATCH_UP,
          () -> run(seat, "get", "a").output().contains("user name is empty"));
      refused(seat, "permission denied", "--user=alice:apw", "put", "z", "1");
      refused(seat, "permission denied", "--user=alice:apw", "put", "a", "1");
      refused(seat, "permission denied", "--user=alice:apw", "user", "list");
      refused(seat, "invalid user ID or password", "--user=alice:bad", "get", "a");
      done(seat, "--user=root:rootpw", "put", "a", seat.name());
      done(seat, "--user=alice:apw", "put", "k" + seat, "by alice");
    }
    for (Seat seat : List.of(first, second)) {
      assertTrue(
          done(seat, "--user=alice:apw", "get", "a").stdout().contains(second.name()),
          "the newest at " + seat);
    }
    for (Seat seat : List.of(first, second)) {
      String password = "of-" + seat;
      CommandResult changed =
          commands()
              .run(
                  etcdctl(
                      seat, "--user=root:rootpw", "user", "passwd", "alice", "--interactive=false"),
                  Map.of(),
                  password + "\n",
                  CATCH_UP);
      assertEquals(0, changed.exit(), changed.output());
      for (Seat each : List.of(first, second)) {
        done(each, "--user=alice", "--password=" + password, "get", "a");
        refused(each, "invalid user ID or password", "--user=alice:apw", "get", "a");
      }
    }
    done(second, "--user=root:rootpw", "auth", "disable");
    for (String[] clean :
        new String[][] {
          {"role", "delete", "r"}, {"user", "delete", "alice"}, {"user", "delete", "root"}
        }) {
      done(second, clean);
    }
    assertEquals("", done(first, "user", "list").stdout());
  }

  private static List<String> etcdctl(Seat seat, String... arguments) {
    String program = GenuineEtcd.findOrSkip().etcdctl().toString();
    List<String> command = new ArrayList<>(List.of(program, "--endpoints", seat.clientUrl()));
    command.addAll(List.of(arguments));
    return command;
  }

  private Commands commands() {
    return new Commands(List.of(), Map.of("ETCDCTL_API", "3"), folder);
  }

  private CommandResult run(Seat seat, String... arguments) {
    return commands().run(etcdctl(seat, arguments).toArray(String[]::new));
  }

  private CommandResult done(Seat seat, String... arguments) {
    CommandResult result = run(seat, arguments);
    assertEquals(0, result.exit(), seat + " " + List.of(arguments) + ": " + result.output());
    return result;
  }

  private void refused(Seat seat, String why, String... arguments) {
    CommandResult result = run(seat, arguments);
    assertNotEquals(0, result.exit(), seat + " " + List.of(arguments));
    assertTrue(result.output().contains(why), seat + ": " + result.output());
  }
}
