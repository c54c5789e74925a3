// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.env.Timers;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MembershipView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Tells whether this member can serve: as one answer, or check by check. Any thread. */
public final class CheckHealth {
  private final ReadBarrier barrier;
  private final ConsensusFacts facts;
  private final MembershipView members;
  private final Supplier<List<Alarm>> alarms;
  private final Timers timers;
  private final Duration patience;

  /**
   * Creates the use case.
   *
   * @param alarms those that stand
   * @param patience how long the read may take
   */
  public CheckHealth(
      ReadBarrier barrier,
      ConsensusFacts facts,
      MembershipView members,
      Supplier<List<Alarm>> alarms,
      Timers timers,
      Duration patience) {
    this.barrier = barrier;
    this.facts = facts;
    this.members = members;
    this.alarms = alarms;
    this.timers = timers;
    this.patience = patience;
  }

  /** Healthy when {@code reason} is empty. */
  public record Health(String reason) {
    public boolean healthy() {
      return reason.isEmpty();
    }
  }

  /** One thing that can be wrong, under etcd's name. */
  public enum Check {
    DATA_CORRUPTION("data_corruption"),
    SERIALIZABLE_READ("serializable_read"),
    LINEARIZABLE_READ("linearizable_read"),
    NON_LEARNER("non_learner");

    private final String text;

    Check(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * Whether no alarm stands, a leader is known and a linearizable read succeeds; the future does
   * not fail.
   *
   * @param excluded alarms that do not count, by name
   * @param serializable whether this member's own state is enough
   */
  public CompletableFuture<Health> check(Set<String> excluded, boolean serializable) {
    for (Alarm alarm : alarms.get()) {
      if (!excluded.contains(name(alarm))) {
        return now("ALARM " + name(alarm));
      }
    }
    if (serializable) {
      return now("");
    }
    return facts.leader().equals(MemberId.NONE)
        ? now("RAFT NO LEADER")
        : read().thenApply(failure -> new Health(failure.map("RANGE ERROR:"::concat).orElse("")));
  }

  private static CompletableFuture<Health> now(String reason) {
    return CompletableFuture.completedFuture(new Health(reason));
  }

  private static String name(Alarm alarm) {
    return switch (alarm.type()) {
      case AlarmCommand.NO_SPACE -> "NOSPACE";
      case AlarmCommand.CORRUPT -> "CORRUPT";
      default -> "UNKNOWN";
    };
  }

  /** What {@code check} finds wrong; the future does not fail. */
  public CompletableFuture<Optional<String>> failure(Check check) {
    return switch (check) {
      case DATA_CORRUPTION ->
          CompletableFuture.completedFuture(
              alarms.get().stream()
                  .filter(alarm -> alarm.type() == AlarmCommand.CORRUPT)
                  .map(alarm -> "alarm activated: CORRUPT")
                  .findFirst());
      // A member that could not read its own state would have stopped.
      case SERIALIZABLE_READ -> CompletableFuture.completedFuture(Optional.empty());
      case LINEARIZABLE_READ -> read();
      case NON_LEARNER ->
          CompletableFuture.completedFuture(
              members
                  .current()
                  .local()
                  .filter(Member::learner)
                  .map(learner -> "not supported for learner"));
    };
  }

  private CompletableFuture<Optional<String>> read() {
    var result = new CompletableFuture<Optional<String>>();
    var limit =
        timers.after(patience, () -> result.complete(Optional.of("context deadline exceeded")));
    var unused =
        barrier
            .await()
            .whenComplete(
                (nothing, failed) -> {
                  limit.cancel();
                  result.complete(Optional.ofNullable(failed).map(CheckHealth::why));
                });
    return result;
  }

  private static String why(Throwable failed) {
    return Answer.failed(failed) instanceof Answer.Failed<?>(var reason, var unused)
        ? reason
        : failed.toString();
  }
}
