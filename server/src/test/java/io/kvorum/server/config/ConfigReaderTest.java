// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.server.config.MemberConfig.Retention;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

  private static final String GUIDE_CLUSTER =
      "master1=http://192.168.0.10:2380,master2=http://192.168.0.20:2380,"
          + "master3=http://192.168.0.30:2380";

  @Test
  void theGuidesEnvironmentFileIsUnderstood() {
    MemberConfig config =
        run(
            Map.of(
                "ETCD_NAME", "master1",
                "ETCD_DATA_DIR", "/var/lib/etcd/default.etcd",
                "ETCD_LISTEN_PEER_URLS", "http://192.168.0.10:2380",
                "ETCD_LISTEN_CLIENT_URLS", "http://0.0.0.0:2379",
                "ETCD_INITIAL_ADVERTISE_PEER_URLS", "http://192.168.0.10:2380",
                "ETCD_INITIAL_CLUSTER", GUIDE_CLUSTER,
                "ETCD_INITIAL_CLUSTER_STATE", "new",
                "ETCD_ADVERTISE_CLIENT_URLS", "http://192.168.0.10:2379"));
    assertEquals("master1", config.name());
    assertEquals(Path.of("/var/lib/etcd/default.etcd"), config.storage().dataDir());
    assertEquals(List.of("http://192.168.0.20:2380"), config.founding().cluster().get("master2"));
    assertEquals("etcd-cluster", config.founding().token());
    assertTrue(
        config
            .notices()
            .contains("flags: recognized and used environment variable ETCD_NAME=master1"));
  }

  @Test
  void theGuidesCommandLineIsUnderstoodWithSingleDashes() {
    MemberConfig config =
        run(
            Map.of(),
            "-name",
            "master1",
            "-initial-advertise-peer-urls",
            "http://192.168.0.10:2380",
            "-listen-peer-urls",
            "http://192.168.0.10:2380",
            "-listen-client-urls",
            "http://192.168.0.10:2379,http://127.0.0.1:2379",
            "-advertise-client-urls",
            "http://192.168.0.10:2379",
            "-initial-cluster-token",
            "mytoken",
            "-initial-cluster",
            GUIDE_CLUSTER,
            "-initial-cluster-state",
            "new");
    assertEquals("mytoken", config.founding().token());
    assertEquals(
        List.of("http://127.0.0.1:2379", "http://192.168.0.10:2379"),
        config.listening().clientUrls());
    assertEquals(Duration.ofSeconds(1), config.raft().electionTimeout());
    assertEquals(10, config.raft().electionTicks());
  }

  @Test
  void boundsOfTheKeyspaceAreEtcdsUnlessGiven() {
    assertEquals(MemberConfig.Keyspace.DEFAULT, run(Map.of()).keyspace());
    MemberConfig.Keyspace given =
        run(
                Map.of("ETCD_QUOTA_BACKEND_BYTES", "16777216"),
                "--compaction-batch-limit=5",
                "--compaction-sleep-interval=1.5s")
            .keyspace();
    assertEquals(
        new MemberConfig.Keyspace(16777216, new Retention.Everything(), 5, Duration.ofMillis(1500)),
        given);
    assertEquals(0, run(Map.of(), "--quota-backend-bytes=-1").keyspace().quotaBytes());
  }

  /** As etcd reads it: a number alone is hours, or revisions in that mode. */
  @Test
  void howMuchHistoryIsKept() {
    assertEquals(new Retention.Period(Duration.ofHours(2)), retention("periodic", "2"));
    assertEquals(new Retention.Period(Duration.ofMinutes(90)), retention("periodic", "1h30m"));
    assertEquals(new Retention.Everything(), retention("periodic", "0"));
    assertEquals(new Retention.Revisions(1000), retention("revision", "1000"));
    assertEquals(new Retention.Everything(), retention("revision", "0"));
    ConfigProblem mode = assertThrows(ConfigProblem.class, () -> retention("x", "1"));
    assertTrue(problem(mode).contains("unknown auto-compaction-mode \"x\""), problem(mode));
    ConfigProblem kept = assertThrows(ConfigProblem.class, () -> retention("periodic", "1x"));
    assertTrue(problem(kept).contains("error parsing CompactionRetention"), problem(kept));
  }

  private static String problem(ConfigProblem problem) {
    return String.join("\n", problem.lines());
  }

  private static Retention retention(String mode, String kept) {
    return run(Map.of(), "--auto-compaction-mode", mode, "--auto-compaction-retention", kept)
        .keyspace()
        .retention();
  }

  @Test
  void theCommandLineWinsOverTheEnvironment() {
    MemberConfig config = run(Map.of("ETCD_NAME", "a"), "--name=b");
    assertEquals("b", config.name());
    assertTrue(
        config
            .notices()
            .contains(
                "flags: recognized environment variable ETCD_NAME, but unused: shadowed by"
                    + " corresponding flag "));
  }

  @Test
  void parseErrorsExitWithTwoAndShowTheUsage() {
    complaint(2, "flag provided but not defined: -bogus", "-bogus");
    complaint(2, "flag needs an argument: -name", "--name");
    complaint(
        2,
        "invalid value \"foo\" for flag -initial-cluster-state: invalid value",
        "-initial-cluster-state",
        "foo");
    complaint(
        2, "invalid value \"abc\" for flag -snapshot-count: parse error", "-snapshot-count", "abc");
    complaint(
        2,
        "invalid value \"http://127.0.0.1\" for flag -listen-client-urls: URL address does not"
            + " have the form \"host:port\": http://127.0.0.1",
        "-listen-client-urls",
        "http://127.0.0.1");
  }

  @Test
  void verificationErrorsExitWithOne() {
    complaint(1, "error verifying flags, 'extra' is not a valid flag. See 'etcd --help'.", "extra");
    complaint(
        1,
        "error verifying flags, -advertise-client-urls is required when -listen-client-urls is set"
            + " explicitly. See 'etcd --help'.",
        "-listen-client-urls",
        "http://127.0.0.1:1");
    complaint(
        1,
        "error verifying flags, -election-timeout[1000ms] should be at least as 5 times as"
            + " -heartbeat-interval[300ms]. See 'etcd --help'.",
        "-heartbeat-interval",
        "300");
    complaint(
        1,
        "error verifying flags, -election-timeout[60000ms] is too long, and should be set less"
            + " than 50000ms. See 'etcd --help'.",
        "-election-timeout",
        "60000");
  }

  @Test
  void originsOfOtherPagesAreAList() {
    assertEquals(List.of(), run(Map.of()).listening().corsOrigins());
    assertEquals(
        List.of("http://a:1", "*"),
        run(Map.of("ETCD_CORS", " http://a:1,, *")).listening().corsOrigins());
    complaint(
        2,
        "invalid value \"http://a,ht tp://b\" for flag -cors: Invalid CORS origin: parse ht tp://b:"
            + " Illegal character in scheme name",
        "-cors",
        "http://a,ht tp://b");
  }

  @Test
  void aClusterVersionThatIsNoneIsRefusedWithWhatWasExpected() {
    for (String bad : List.of("abc", "3", "2.3.0", "3.8.0", "4.0", "3.4.x", "-3.4.0", "")) {
      complaint(
          1,
          "error verifying flags, -cluster-version-max["
              + bad
              + "] should be a release from 3.0.0 to 3.7.0, as in 3.4.0. See 'etcd --help'.",
          "-cluster-version-max",
          bad);
    }
    assertEquals(
        "3.5.0", run(Map.of(), "-cluster-version-max", "3.5").features().clusterVersionMax());
    assertEquals(
        "3.7.0", run(Map.of(), "-cluster-version-max", "3.7.1").features().clusterVersionMax());
    assertEquals("3.4.0", run(Map.of()).features().clusterVersionMax());
  }

  @Test
  void aBadVariableIsNamed() {
    ConfigProblem problem =
        assertThrows(
            ConfigProblem.class,
            () ->
                ConfigReader.read(
                    new String[0], Map.of("ETCD_HEARTBEAT_INTERVAL", "abc"), Files::readString));
    assertEquals(
        "invalid value \"abc\" for ETCD_HEARTBEAT_INTERVAL: parse error",
        problem.lines().getFirst());
    assertEquals(1, problem.exitStatus());
  }

  @Test
  void whatIsNotBuiltYetIsRefusedByNameAndNeverIgnored() {
    for (String flag : List.of("cert-file", "discovery", "discovery-srv", "peer-key-file")) {
      ConfigProblem problem =
          assertThrows(
              ConfigProblem.class,
              () ->
                  ConfigReader.read(new String[] {"--" + flag, "x"}, Map.of(), Files::readString));
      assertTrue(
          problem.lines().getFirst().startsWith("flag \"-" + flag + "\" is not supported yet"));
    }
    complaint(
        1,
        "flag \"-proxy\" is not supported yet by this version of Kvorum: remove it to start",
        "-proxy",
        "on");
    assertEquals("default", run(Map.of(), "-proxy", "off").name());
  }

  @Test
  void flagsOfTheOldWorldAreRefusedOrIgnoredAsEtcdDoes() {
    complaint(1, "flag \"-peers\" is no longer supported.", "-peers", "a:1");
    MemberConfig config = run(Map.of(), "-v", "-cluster-active-size", "9");
    assertTrue(config.notices().contains("flag \"-v\" is no longer supported - ignoring."));
  }

  @Test
  void helpAndVersionAreWishes() {
    assertInstanceOf(
        ConfigReader.Wish.Help.class,
        ConfigReader.read(new String[] {"-h"}, Map.of(), Files::readString));
    assertInstanceOf(
        ConfigReader.Wish.Version.class,
        ConfigReader.read(new String[] {"--version"}, Map.of(), Files::readString));
  }

  @Test
  void aFileTakesTheRoleOfAllFlags(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("etcd.yml");
    Files.writeString(
        file,
        """
        name: m1
        heartbeat-interval: 50
        listen-client-urls: http://127.0.0.1:12379
        advertise-client-urls: http://127.0.0.1:12379
        pre-vote: false
        wrong-key: 1
        """);
    MemberConfig config =
        run(Map.of("ETCD_NAME", "env"), "--config-file", file.toString(), "--name", "flag");
    assertEquals("m1", config.name());
    assertEquals(Duration.ofMillis(50), config.raft().heartbeat());
    assertTrue(config.notices().stream().anyMatch(line -> line.endsWith(": wrong-key")));
  }

  @Test
  void theDefaultClusterIsTheMemberItselfUnderItsName() {
    assertEquals(
        Map.of("n1", List.of("http://localhost:2380", "http://localhost:7001")),
        run(Map.of(), "-name", "n1").founding().cluster());
  }

  @Test
  void eachApiHasItsOwnDefaultOfTheReconfigurationCheck() {
    assertEquals(
        new MemberConfig.StrictReconfigCheck(false, true),
        run(Map.of()).features().strictReconfigCheck());
    assertEquals(
        new MemberConfig.StrictReconfigCheck(true, true),
        run(Map.of(), "--strict-reconfig-check").features().strictReconfigCheck());
    assertEquals(
        new MemberConfig.StrictReconfigCheck(false, false),
        run(Map.of("ETCD_STRICT_RECONFIG_CHECK", "false")).features().strictReconfigCheck());
  }

  @Test
  void requestsHaveEtcdsBoundsUnlessOthersAreGiven() {
    assertEquals(MemberConfig.Requests.DEFAULT, run(Map.of()).requests());
    assertEquals(
        new MemberConfig.Requests(8, 65_536, 100),
        run(
                Map.of("ETCD_MAX_TXN_OPS", "8"),
                "--max-request-bytes",
                "65536",
                "--max-concurrent-streams=100")
            .requests());
    var generous = run(Map.of(), "--max-request-bytes", "20000000");
    assertEquals(20_000_000, generous.requests().bytesMax());
    assertTrue(
        generous.notices().stream().anyMatch(line -> line.contains("recommended request limit")));
  }

  @Test
  void tokensAndPasswordsOfV3AreConfigurable() {
    assertEquals(MemberConfig.Accounts.USUAL, run(Map.of()).features().accounts());
    assertEquals(
        new MemberConfig.Accounts(
            new TokenOptions("jwt", Map.of("sign-method", "RS256", "pub-key", "a", "ttl", "10m")),
            Duration.ofSeconds(7),
            4,
            true),
        run(
                Map.of("ETCD_BCRYPT_COST", "4"),
                "--auth-token=jwt,sign-method=RS256,pub-key=a,ttl=10m",
                "--auth-token-ttl=7",
                "--v2-anonymous")
            .features()
            .accounts());
    MemberConfig odd = run(Map.of(), "--bcrypt-cost", "40");
    assertEquals(10, odd.features().accounts().bcryptCost());
    assertTrue(odd.notices().toString().contains("invalid given cost 40"), odd.notices()::toString);
    for (String tokens : List.of("other", "jwt,a", "jwt,a=b=c", "jwt,a=1,a=2", "")) {
      complaint(1, "auth: invalid auth options", "--auth-token=" + tokens);
    }
  }

  @Test
  void watchersHearOfProgressAsOftenAsIsSaid() {
    assertEquals(Duration.ofMinutes(10), run(Map.of()).features().watchProgressPeriod());
    assertEquals(
        Duration.ofMillis(90_500),
        run(Map.of(), "--watch-progress-notify-interval=1m30.5s").features().watchProgressPeriod());
    complaint(
        1,
        "error verifying flags, -watch-progress-notify-interval[99ms] should be at least 100ms. See"
            + " 'etcd --help'.",
        "-watch-progress-notify-interval=99ms");
    for (String text : List.of("soon", "5", "-1s", "1s2", "s", "9999999h")) {
      assertThrows(
          ConfigProblem.class,
          () -> run(Map.of(), "--watch-progress-notify-interval=" + text),
          text);
    }
  }

  private static MemberConfig run(Map<String, String> environment, String... arguments) {
    return assertInstanceOf(
            ConfigReader.Wish.Run.class,
            ConfigReader.read(arguments, environment, Files::readString))
        .config();
  }

  private static void complaint(int exitStatus, String firstLine, String... arguments) {
    ConfigProblem problem =
        assertThrows(
            ConfigProblem.class, () -> ConfigReader.read(arguments, Map.of(), Files::readString));
    assertEquals(firstLine, problem.lines().getFirst());
    assertEquals(exitStatus, problem.exitStatus());
    assertEquals(exitStatus == 2, problem.lines().getLast().startsWith("usage: etcd"));
  }
}
