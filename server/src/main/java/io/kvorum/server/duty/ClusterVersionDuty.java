// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.duty;

import io.kvorum.env.Timers;
import io.kvorum.server.base.MinorVersion;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.request.BackgroundWork;
import io.kvorum.server.request.MemberEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The leader's decision on what all members can speak: the lowest of their releases, cut to major
 * and minor, never above the configured maximum, only ever raised.
 *
 * <p>When somebody can not be asked nothing changes; only the first decision does not wait for ever
 * and falls back to {@link #LOWEST}, as etcd's does, though after a few tries instead of at once: a
 * cluster whose members start together then decides once, not twice.
 */
public final class ClusterVersionDuty {

  private static final Duration LOOK_PERIOD = Duration.ofMillis(250);
  private static final int LOOKS_PER_DECISION = 16;
  private static final int FIRST_LOOKS_MAX = 12;
  private static final String LOWEST = "3.0.0";

  /** Asks a member for its release; empty when it does not answer. */
  @FunctionalInterface
  public interface Releases {
    CompletableFuture<Optional<String>> of(MemberEntry member);
  }

  private final BackgroundWork work;
  private final Releases releases;
  private final String highest;
  private boolean underWay;
  private int looksAsLeader;
  private int looksUntilDecision;

  /**
   * @param own this member's release, as {@code 3.7.1}
   * @param max the configured bound, as {@code 3.4.0}
   */
  public ClusterVersionDuty(BackgroundWork work, Releases releases, String own, String max) {
    this.work = work;
    this.releases = releases;
    highest = MinorVersion.cut(MinorVersion.compare(max, own) < 0 ? max : own);
  }

  public Timers.Cancellable start(Timers timers) {
    return timers.every(LOOK_PERIOD, this::look);
  }

  private synchronized void look() {
    if (!work.leads()) {
      looksAsLeader = 0;
      looksUntilDecision = 0;
      return;
    }
    boolean decided = work.clusterVersion().isPresent();
    looksAsLeader++;
    if (underWay || (decided && looksUntilDecision-- > 0)) {
      return;
    }
    underWay = true;
    looksUntilDecision = LOOKS_PER_DECISION;
    decide();
  }

  private void decide() {
    List<CompletableFuture<Optional<String>>> asked = new ArrayList<>();
    work.others().forEach(member -> asked.add(releases.of(member)));
    CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .whenComplete(
            (done, failure) -> {
              List<Optional<String>> answers = new ArrayList<>();
              asked.forEach(
                  answer ->
                      answers.add(
                          answer.isCompletedExceptionally() ? Optional.empty() : answer.join()));
              propose(wanted(answers));
            });
  }

  /** What to propose given everybody's answers, if anything. */
  private Optional<String> wanted(List<Optional<String>> answers) {
    Optional<String> current = work.clusterVersion();
    if (answers.stream().anyMatch(Optional::isEmpty)) {
      return current.isEmpty() && asLeaderFor(FIRST_LOOKS_MAX)
          ? Optional.of(LOWEST)
          : Optional.empty();
    }
    String lowest = highest;
    for (Optional<String> answer : answers) {
      String theirs = MinorVersion.cut(answer.orElseThrow());
      if (MinorVersion.compare(theirs, lowest) < 0) {
        lowest = theirs;
      }
    }
    boolean raises = current.isEmpty() || MinorVersion.compare(lowest, current.get()) > 0;
    return raises ? Optional.of(lowest) : Optional.empty();
  }

  private synchronized boolean asLeaderFor(int looks) {
    return looksAsLeader >= looks;
  }

  private void propose(Optional<String> version) {
    if (version.isEmpty()) {
      finished();
    } else {
      work.submit(new MemberCommand.SetClusterVersion(version.get()))
          .whenComplete((applied, failure) -> finished());
    }
  }

  private synchronized void finished() {
    underWay = false;
  }
}
