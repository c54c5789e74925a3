// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.apply.Stores;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.request.AdminAccess;
import io.kvorum.server.request.ComputeHashes;
import io.kvorum.server.request.CopyDatabase;
import io.kvorum.server.request.DefragmentStore;
import io.kvorum.server.request.DowngradeCluster;
import io.kvorum.server.request.KeyspaceReading;
import io.kvorum.server.request.ManageAlarms;
import io.kvorum.server.request.MoveLeadership;
import io.kvorum.server.request.ReportStatus;
import io.kvorum.server.request.SlowWork;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.transport.v3.MaintenanceRequests;
import java.time.Duration;

/** Builds the use cases about one member's upkeep. */
final class MaintenanceParts {

  /** How long a new leader may take to be seen: etcd's time for a request. */
  private static final Duration LEADER_PATIENCE = Duration.ofSeconds(7);

  private MaintenanceParts() {}

  /** Builds them. */
  static MaintenanceRequests of(Ground ground, AdminAccess access, SlowWork slow) {
    Stores stores = ground.stores();
    Consensus consensus = ground.consensus();
    Engine engine = stores.engine();
    KeyspaceReading keyspace = stores.keyspace()::read;
    return new MaintenanceRequests(
        new ReportStatus(
            stores.members(),
            consensus.facts(),
            keyspace,
            stores.alarms()::current,
            DataSize.of(ground)),
        new ManageAlarms(access, ground.proposals()),
        new ComputeHashes(access, keyspace, () -> StoreCopy.hash(engine), slow),
        new DefragmentStore(access, engine::defragment, slow),
        new MoveLeadership(
            access,
            consensus.facts(),
            stores.members(),
            consensus::transferLeadership,
            ground.timers(),
            LEADER_PATIENCE),
        new DowngradeCluster(access, stores.members(), consensus.readBarrier(), ground.proposals()),
        new CopyDatabase(access, () -> StoreCopy.of(engine)));
  }
}
