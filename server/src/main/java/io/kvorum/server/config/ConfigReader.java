// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import io.kvorum.server.base.MinorVersion;
import io.kvorum.server.base.Urls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From what was typed to what is meant.
 *
 * <p>Texts and exit statuses follow the recorded behaviour of etcd 2.3.7 (docs/compatibility.md).
 */
public final class ConfigReader {

  /** What the command line asks for. */
  public sealed interface Wish {

    /** Print this text and exit with status 0. */
    record Help(String usage) implements Wish {}

    /** Print the version and exit with status 0. */
    record Version() implements Wish {}

    /** Run a member. */
    record Run(MemberConfig config) implements Wish {}
  }

  /** Reads the configuration file: this package opens nothing itself. */
  @FunctionalInterface
  public interface FileSource {
    String read(Path file) throws IOException;
  }

  private static final int BCRYPT_COST_MIN = 4;
  private static final int BCRYPT_COST_MAX = 31;
  private static final int ELECTION_MILLIS_MAX = 50_000;
  private static final Duration WATCH_PROGRESS_PERIOD_MIN = Duration.ofMillis(100);

  private static final long REQUEST_BYTES_RECOMMENDED_MAX = 10L << 20;

  /** What an entry of the log can hold. */
  private static final long REQUEST_BYTES_MAX = 256L << 20;

  /** The first cluster version there is, and that of the release whose API is served. */
  private static final String CLUSTER_VERSION_FIRST = "3.0.0";

  private static final String CLUSTER_VERSION_LAST = "3.7.0";

  private ConfigReader() {}

  /** Throws {@link ConfigProblem} with what to print and the exit status. */
  public static Wish read(String[] arguments, Map<String, String> environment, FileSource files) {
    FlagTable flags = FlagTable.load();
    CommandLine commandLine = CommandLine.parse(flags, arguments);
    if (commandLine.help()) {
      return new Wish.Help(flags.usage());
    }
    if (Flag.isTrue(commandLine.values().getOrDefault("version", "false"))) {
      return new Wish.Version();
    }
    String file =
        commandLine
            .values()
            .getOrDefault("config-file", environment.getOrDefault("ETCD_CONFIG_FILE", ""));
    Settings settings =
        file.isEmpty()
            ? Settings.join(flags, commandLine, environment)
            : Settings.ofFile(flags, ConfigFile.parse(contentOf(file, files), file), file);
    return new Wish.Run(verified(settings));
  }

  private static MemberConfig verified(Settings settings) {
    verifyUrls(settings);
    MemberConfig.Raft raft = raft(settings);
    List<String> notices = new ArrayList<>(settings.notices());
    return new MemberConfig(
        settings.text("name"),
        storage(settings, notices),
        listening(settings),
        raft,
        founding(settings),
        new MemberConfig.Features(
            strictReconfigCheck(settings),
            settings.isOn("enable-v2"),
            clusterVersionMax(settings),
            watchProgressPeriod(settings),
            settings.isOn("debug") ? "debug" : settings.text("log-level"),
            accounts(settings, notices),
            ifGiven(settings, "experimental-enable-lease-checkpoint")),
        requests(settings, notices),
        KeyspaceSettings.read(settings, notices),
        List.copyOf(notices));
  }

  private static MemberConfig.Requests requests(Settings settings, List<String> notices) {
    long bytesMax = settings.number("max-request-bytes");
    if (bytesMax > REQUEST_BYTES_RECOMMENDED_MAX) {
      notices.add(
          "exceeded recommended request limit (max-request-bytes "
              + bytesMax
              + ", recommended "
              + REQUEST_BYTES_RECOMMENDED_MAX
              + ")");
    }
    return new MemberConfig.Requests(
        (int) Math.min(settings.number("max-txn-ops"), Integer.MAX_VALUE),
        (int) Math.min(bytesMax, REQUEST_BYTES_MAX),
        settings.number("max-concurrent-streams"));
  }

  private static MemberConfig.StrictReconfigCheck strictReconfigCheck(Settings settings) {
    boolean strict = settings.isOn("strict-reconfig-check");
    return settings.isGiven("strict-reconfig-check")
        ? new MemberConfig.StrictReconfigCheck(strict, strict)
        : MemberConfig.StrictReconfigCheck.UNSAID;
  }

  private static Duration watchProgressPeriod(Settings settings) {
    String text = settings.text("watch-progress-notify-interval");
    Duration period = DurationText.parse(text).orElse(Duration.ZERO);
    if (period.compareTo(WATCH_PROGRESS_PERIOD_MIN) < 0) {
      throw ConfigProblem.verifying(
          "-watch-progress-notify-interval[" + text + "] should be at least 100ms");
    }
    return period;
  }

  private static Optional<Boolean> ifGiven(Settings settings, String name) {
    return settings.isGiven(name) ? Optional.of(settings.isOn(name)) : Optional.empty();
  }

  private static void verifyUrls(Settings settings) {
    oneOf(settings, "advertise-client-urls", "addr");
    oneOf(settings, "listen-client-urls", "bind-addr");
    oneOf(settings, "initial-advertise-peer-urls", "peer-addr");
    oneOf(settings, "listen-peer-urls", "peer-bind-addr");
    boolean advertised = settings.isGiven("advertise-client-urls") || settings.isGiven("addr");
    boolean listening = settings.isGiven("listen-client-urls") || settings.isGiven("bind-addr");
    if (listening && !advertised) {
      throw ConfigProblem.verifying(
          "-advertise-client-urls is required when -listen-client-urls is set explicitly",
          "When listening on specific address(es), this etcd process must advertise accessible"
              + " url(s) to each connected client.");
    }
  }

  private static void oneOf(Settings settings, String modern, String old) {
    if (settings.isGiven(modern) && settings.isGiven(old)) {
      throw ConfigProblem.verifying("Set only one of flags -" + modern + " and -" + old);
    }
  }

  private static MemberConfig.Raft raft(Settings settings) {
    long heartbeat = settings.number("heartbeat-interval");
    long election = settings.number("election-timeout");
    if (heartbeat < 1 || 5 * heartbeat > election) {
      throw ConfigProblem.verifying(
          "-election-timeout["
              + election
              + "ms] should be at least as 5 times as -heartbeat-interval["
              + heartbeat
              + "ms]");
    }
    if (election > ELECTION_MILLIS_MAX) {
      throw ConfigProblem.verifying(
          "-election-timeout["
              + election
              + "ms] is too long, and should be set less than "
              + ELECTION_MILLIS_MAX
              + "ms");
    }
    return new MemberConfig.Raft(
        Duration.ofMillis(heartbeat),
        Duration.ofMillis(election),
        settings.isOn("pre-vote"),
        settings.isOn("initial-election-tick-advance"));
  }

  private static String clusterVersionMax(Settings settings) {
    String version = settings.text("cluster-version-max");
    if (!MinorVersion.isOne(version)
        || MinorVersion.compare(version, CLUSTER_VERSION_FIRST) < 0
        || MinorVersion.compare(version, CLUSTER_VERSION_LAST) > 0) {
      throw ConfigProblem.verifying(
          "-cluster-version-max["
              + version
              + "] should be a release from "
              + CLUSTER_VERSION_FIRST
              + " to "
              + CLUSTER_VERSION_LAST
              + ", as in 3.4.0");
    }
    return MinorVersion.cut(version);
  }

  private static MemberConfig.Accounts accounts(Settings settings, List<String> notices) {
    long cost = settings.number("bcrypt-cost");
    boolean usable = cost >= BCRYPT_COST_MIN && cost <= BCRYPT_COST_MAX;
    int usualCost = MemberConfig.Accounts.USUAL.bcryptCost();
    if (!usable) {
      notices.add(
          "use default bcrypt cost %d instead of the invalid given cost %d"
              .formatted(usualCost, cost));
    }
    TokenOptions tokens =
        TokenOptions.parse(settings.text("auth-token"))
            .orElseThrow(() -> ConfigProblem.failing("auth: invalid auth options"));
    return new MemberConfig.Accounts(
        tokens,
        Duration.ofSeconds(settings.number("auth-token-ttl")),
        usable ? (int) cost : usualCost,
        settings.isOn("v2-anonymous"));
  }

  private static MemberConfig.Storage storage(Settings settings, List<String> notices) {
    String name = settings.text("name");
    String dataDir = settings.text("data-dir");
    if (dataDir.isEmpty()) {
      dataDir = name + ".etcd";
      notices.add("no data-dir provided, using default data-dir ./" + dataDir);
    }
    Path data = Path.of(dataDir).toAbsolutePath().normalize();
    String walDir = settings.text("wal-dir");
    long snapshotCount = settings.number("snapshot-count");
    return new MemberConfig.Storage(
        data,
        walDir.isEmpty()
            ? data.resolve("member").resolve("wal")
            : Path.of(walDir).toAbsolutePath().normalize(),
        snapshotCount == 0 ? 10_000 : snapshotCount,
        (int) Math.min(settings.number("max-snapshots"), Integer.MAX_VALUE),
        (int) Math.min(settings.number("max-wals"), Integer.MAX_VALUE));
  }

  private static MemberConfig.Listening listening(Settings settings) {
    return new MemberConfig.Listening(
        urls(settings, "listen-peer-urls", "peer-bind-addr"),
        urls(settings, "listen-client-urls", "bind-addr"),
        urls(settings, "advertise-client-urls", "addr"),
        Origins.parse(settings.text("cors")));
  }

  private static MemberConfig.Founding founding(Settings settings) {
    List<String> advertised = urls(settings, "initial-advertise-peer-urls", "peer-addr");
    String name = settings.text("name");
    String cluster = settings.text("initial-cluster");
    if (cluster.isEmpty()) {
      cluster = String.join(",", advertisedByDefault(settings, name));
    }
    return new MemberConfig.Founding(
        parseCluster(cluster),
        advertised,
        settings.text("initial-cluster-token"),
        settings.text("initial-cluster-state").equals("existing"),
        settings.isOn("force-new-cluster"));
  }

  private static List<String> advertisedByDefault(Settings settings, String name) {
    String urls =
        settings
            .flags()
            .find("initial-advertise-peer-urls")
            .orElseThrow(() -> new IllegalStateException("flags.txt: no peer URLs"))
            .defaultText();
    return Urls.parse(urls).stream().map(url -> name + "=" + url).toList();
  }

  /** The form {@code name=url,name=url}; a name may repeat. */
  static Map<String, List<String>> parseCluster(String text) {
    Map<String, List<String>> cluster = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? "" : pair.substring(0, equals).strip();
      String url = equals < 0 ? "" : pair.substring(equals + 1);
      if (name.isEmpty() || url.isBlank()) {
        throw ConfigProblem.failing(
            "error setting up initial cluster: \"" + pair + "\" is not of the form name=url");
      }
      Urls.complaintAbout(url)
          .ifPresent(
              complaint -> {
                throw ConfigProblem.failing("error setting up initial cluster: " + complaint);
              });
      cluster.computeIfAbsent(name, absent -> new ArrayList<>()).add(url.strip());
    }
    cluster.replaceAll((name, urls) -> Urls.normalize(urls));
    return cluster;
  }

  private static List<String> urls(Settings settings, String modern, String old) {
    return settings.isGiven(old)
        ? Urls.parse("http://" + settings.text(old))
        : Urls.parse(settings.text(modern));
  }

  private static String contentOf(String file, FileSource files) {
    try {
      return files.read(Path.of(file));
    } catch (IOException unreadable) {
      throw ConfigProblem.failing(
          "error loading " + file + ": " + unreadable.getMessage() + " (does it exist?)");
    }
  }
}
