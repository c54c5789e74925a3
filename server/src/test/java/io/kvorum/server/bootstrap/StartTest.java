// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.env.RealDisk;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.config.MemberConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole members on ephemeral ports: what stops them from starting, and what ends them. */
class StartTest {

  private static final Ending REMOVED = new Ending.Removed();

  @TempDir Path folder = Path.of("");
  private int peerPort;
  private int clientPort;

  @BeforeEach
  void freePorts() throws IOException {
    try (ServerSocket one = socket(0);
        ServerSocket two = socket(0)) {
      peerPort = one.getLocalPort();
      clientPort = two.getLocalPort();
    }
  }

  // --- failures, and nothing left behind ---

  @Test
  void anUnknownNameIsRefused() throws IOException {
    refused(
        "couldn't find local name \"a\" in the initial cluster configuration",
        Map.of("b", List.of(peer())),
        false);
  }

  @Test
  void anEntryThatIsNotAdvertisedIsRefused() throws IOException {
    refused(
        "--initial-cluster must include a="
            + peer()
            + " given --initial-advertise-peer-urls="
            + peer(),
        Map.of("a", List.of("http://localhost:2380")),
        false);
  }

  @Test
  void aUrlGivenTwiceIsRefused() throws IOException {
    Map<String, List<String>> cluster =
        new java.util.TreeMap<>(Map.of("a", List.of(peer()), "b", List.of(peer())));
    refused("initial cluster a=" + peer() + ",b=" + peer() + " has duplicate url", cluster, false);
  }

  @Test
  void joiningNobodyIsRefused() throws IOException {
    refused(
        "cannot fetch cluster info from peer urls: could not retrieve cluster information from"
            + " the given urls",
        Map.of("a", List.of(peer()), "b", List.of("http://127.0.0.1:1")),
        true);
  }

  @Test
  void aProxysFolderIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("proxy"));
    refused(
        "this data directory belongs to a proxy, which is not supported yet: " + folder,
        alone(),
        false);
    Files.createDirectories(folder.resolve("member"));
    refused("invalid datadir. Both member and proxy directories exist.", alone(), false);
  }

  @Test
  void aFolderThatCanNotBeWrittenIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    DataDir dir = DataDir.of(storage(file));
    StartFailure failure = assertThrows(StartFailure.class, () -> dir.prepare(new RealDisk()));
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("cannot access data directory: "),
        failure.getMessage());
  }

  @Test
  void anOccupiedPortIsRefusedBeforeTheFolderIsTouched() throws IOException {
    try (ServerSocket taken = socket(clientPort)) {
      StartFailure failure = assertThrows(StartFailure.class, () -> start(alone(), false, false));
      assertEquals(
          "listen tcp 127.0.0.1:" + taken.getLocalPort() + ": bind: address already in use",
          failure.getMessage());
    }
    assertTrue(Files.notExists(folder.resolve("member")));
    requirePortsFree();
  }

  @Test
  void anOccupiedPeerPortIsRefusedAndTheNextStartWorks() throws Exception {
    start(alone(), false, false).stop();
    try (ServerSocket taken = socket(peerPort)) {
      StartFailure failure = assertThrows(StartFailure.class, () -> start(alone(), false, false));
      assertEquals(
          "listen tcp 127.0.0.1:" + taken.getLocalPort() + ": bind: address already in use",
          failure.getMessage());
      socket(clientPort).close();
    }
    start(alone(), false, false).stop();
    requirePortsFree();
  }

  /** The log is open by then, and locked. */
  @Test
  void aFailureBehindTheOpenedLogClosesEverythingAgain() throws Exception {
    start(alone(), false, false).stop();
    Path store = folder.resolve("member").resolve("store");
    Path aside = folder.resolve("aside");
    Files.move(store, aside);
    Files.writeString(store, "not a folder");
    StartFailure failure = assertThrows(StartFailure.class, () -> start(alone(), false, false));
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("cannot open the data directory " + folder),
        failure.getMessage());
    requirePortsFree();
    Files.delete(store);
    Files.move(aside, store);
    start(alone(), false, false).stop();
    requirePortsFree();
  }

  /** Everything is open by then: log, store, ports. */
  @Test
  void aStoreOfAnotherMemberIsRefusedAndEverythingIsClosedAgain() throws Exception {
    start(alone(), false, false).stop();
    Path own = folder.resolve("member").resolve("store");
    Path aside = folder.resolve("aside");
    Files.move(own, aside);
    Path elsewhere = folder.resolve("elsewhere");
    MemberConfig.Listening listening =
        new MemberConfig.Listening(List.of(peer()), List.of(client()), List.of(client()));
    MemberConfig config = config(alone(), false, false);
    RunningMember.start(
            new MemberConfig(
                "a",
                storage(elsewhere),
                listening,
                config.raft(),
                new MemberConfig.Founding(alone(), List.of(peer()), "another", false, false),
                config.features(),
                List.of()),
            ending -> {})
        .stop();
    Files.move(elsewhere.resolve("member").resolve("store"), own);
    for (int i = 0; i < 2; i++) {
      StartFailure failure = assertThrows(StartFailure.class, () -> start(alone(), false, false));
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("the store belongs to member "),
          failure.getMessage());
      requirePortsFree();
    }
    Files.move(own, elsewhere.resolve("member").resolve("store"));
    Files.move(aside, own);
    start(alone(), false, false).stop();
    requirePortsFree();
  }

  @Test
  void aFolderInUseIsRefusedAndTheOtherGoesOn() throws Exception {
    RunningMember first = start(alone(), false, false);
    try {
      freePorts();
      StartFailure failure = assertThrows(StartFailure.class, () -> start(alone(), false, false));
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("open wal error: file already locked"),
          failure.getMessage());
      requirePortsFree();
    } finally {
      first.stop();
    }
    start(alone(), false, false).stop();
    requirePortsFree();
  }

  // --- removal ---

  @Test
  void aRemovedMemberEndsAndEndsAgainWhenItIsStartedAgain() throws Exception {
    CompletableFuture<Ending> ending = new CompletableFuture<>();
    RunningMember member = start(alone(), ending);
    Assembly parts = member.parts();
    Outcome outcome =
        parts
            .consensus()
            .proposals()
            .propose(new MemberCommand.Remove(parts.stores().members().current().localId()))
            .get(30, TimeUnit.SECONDS)
            .outcome();
    assertInstanceOf(Outcome.Done.class, outcome);
    assertEquals(REMOVED, ending.get(30, TimeUnit.SECONDS));
    member.stop();
    CompletableFuture<Ending> again = new CompletableFuture<>();
    RunningMember restarted = start(alone(), again);
    assertEquals(REMOVED, again.get(30, TimeUnit.SECONDS));
    restarted.stop();
    requirePortsFree();
  }

  private void refused(String text, Map<String, List<String>> cluster, boolean existing)
      throws IOException {
    StartFailure failure = assertThrows(StartFailure.class, () -> start(cluster, existing, false));
    assertEquals(text, failure.getMessage());
    requirePortsFree();
  }

  private void requirePortsFree() throws IOException {
    socket(peerPort).close();
    socket(clientPort).close();
  }

  private RunningMember start(Map<String, List<String>> cluster, boolean existing, boolean force) {
    return RunningMember.start(config(cluster, existing, force), ending -> {});
  }

  private RunningMember start(Map<String, List<String>> cluster, CompletableFuture<Ending> ending) {
    return RunningMember.start(config(cluster, false, false), ending::complete);
  }

  private MemberConfig config(Map<String, List<String>> cluster, boolean existing, boolean force) {
    return new MemberConfig(
        "a",
        storage(folder),
        new MemberConfig.Listening(List.of(peer()), List.of(client()), List.of(client())),
        new MemberConfig.Raft(Duration.ofMillis(100), Duration.ofSeconds(1), true, true),
        new MemberConfig.Founding(cluster, List.of(peer()), "token", existing, force),
        new MemberConfig.Features(MemberConfig.StrictReconfigCheck.UNSAID, true, "3.4.0", "warn"),
        List.of());
  }

  private static MemberConfig.Storage storage(Path folder) {
    return new MemberConfig.Storage(folder, folder.resolve("member").resolve("wal"), 10_000, 5, 5);
  }

  private Map<String, List<String>> alone() {
    return Map.of("a", List.of(peer()));
  }

  private String peer() {
    return "http://127.0.0.1:" + peerPort;
  }

  private String client() {
    return "http://127.0.0.1:" + clientPort;
  }

  private static ServerSocket socket(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
