// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import io.kvorum.base.GoDuration;
import io.kvorum.server.config.MemberConfig.Retention;
import java.time.Duration;
import java.util.List;

/** What flags say about the v3 keyspace. */
final class KeyspaceSettings {

  private static final long QUOTA_BYTES = 2L << 30;
  private static final long LARGE_QUOTA_BYTES = 8L << 30;

  private KeyspaceSettings() {}

  static MemberConfig.Keyspace read(Settings settings, List<String> notices) {
    long quota = settings.number("quota-backend-bytes");
    if (quota > LARGE_QUOTA_BYTES) {
      notices.add(
          "quota-backend-bytes " + quota + " exceeds the recommended maximum " + LARGE_QUOTA_BYTES);
    }
    return new MemberConfig.Keyspace(
        quota == 0 ? QUOTA_BYTES : Math.max(quota, 0),
        retention(settings),
        (int) Math.clamp(settings.number("compaction-batch-limit"), 1, 1 << 20),
        duration("compaction-sleep-interval", settings.text("compaction-sleep-interval")));
  }

  private static Retention retention(Settings settings) {
    String mode = settings.text("auto-compaction-mode");
    String kept = settings.text("auto-compaction-retention");
    boolean bare = !kept.isEmpty() && kept.chars().allMatch(Character::isDigit);
    return switch (mode) {
      case "periodic" -> {
        Duration age =
            bare
                ? Duration.ofHours(hours(kept))
                : duration("auto-compaction-retention", kept.isEmpty() ? "0" : kept);
        yield age.isPositive() ? new Retention.Period(age) : new Retention.Everything();
      }
      case "revision" -> {
        // A duration is taken too, by its nanoseconds: so does etcd.
        long count = bare ? revisions(kept) : duration("auto-compaction-retention", kept).toNanos();
        yield count > 0 ? new Retention.Revisions(count) : new Retention.Everything();
      }
      default ->
          throw ConfigProblem.verifying("unknown auto-compaction-mode \"%s\"".formatted(mode));
    };
  }

  private static long hours(String text) {
    return Math.min(revisions(text), 1L << 20);
  }

  private static long revisions(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException tooLarge) {
      throw ConfigProblem.verifying(
          "error parsing CompactionRetention: invalid duration \"%s\"".formatted(text));
    }
  }

  private static Duration duration(String flag, String text) {
    try {
      return Duration.ofNanos(GoDuration.nanos(text));
    } catch (NumberFormatException malformed) {
      throw flag.equals("auto-compaction-retention")
          ? ConfigProblem.verifying(
              "error parsing CompactionRetention: time: invalid duration \"%s\"".formatted(text))
          : ConfigProblem.verifying("invalid value \"%s\" for --%s".formatted(text, flag));
    }
  }
}
