// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Clock;
import io.kvorum.env.Timers;
import io.kvorum.server.apply.ApplyLoop;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.config.MemberConfig.Retention;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.duty.CompactionDuty;
import io.kvorum.server.duty.SpaceDuty;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.request.AwaitedCompactions;
import io.kvorum.server.request.BackgroundWork;
import io.kvorum.server.request.GuardedProposals;
import io.kvorum.server.request.SpaceGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What keeps the v3 data from growing without end. */
final class SpaceDuties {

  private SpaceDuties() {}

  /** Lets in what there is room for, and answers physical compactions when they are done. */
  static Proposals guard(
      Proposals inner,
      Supplier<Optional<String>> objectionToV2,
      Stores stores,
      MemberConfig config,
      ApplyLoop apply) {
    return new AwaitedCompactions(
        new SpaceGuard(
            new GuardedProposals(inner, objectionToV2),
            DataSize.of(stores, config),
            stores.members(),
            stores.alarms()::current),
        apply::cleaned);
  }

  /** Starts those that are wanted. */
  static List<Timers.Cancellable> start(
      BackgroundWork work,
      Stores stores,
      MemberConfig.Keyspace bounds,
      Clock clock,
      Timers timers) {
    List<Timers.Cancellable> started = new ArrayList<>();
    started.add(
        new SpaceDuty(work, new DataSize(stores, bounds.quotaBytes()), stores.alarms()::current)
            .start(timers));
    LongSupplier revision = () -> stores.keyspace().read(KeyspaceView::revision);
    switch (bounds.retention()) {
      case Retention.Everything all -> {}
      case Retention.Period(Duration age) ->
          started.add(CompactionDuty.byAge(work, revision, clock, age).start(timers));
      case Retention.Revisions(long count) ->
          started.add(CompactionDuty.byCount(work, revision, count).start(timers));
    }
    return started;
  }
}
