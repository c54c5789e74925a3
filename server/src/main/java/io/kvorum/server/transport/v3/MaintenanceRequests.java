// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.server.request.ComputeHashes;
import io.kvorum.server.request.CopyDatabase;
import io.kvorum.server.request.DefragmentStore;
import io.kvorum.server.request.DowngradeCluster;
import io.kvorum.server.request.ManageAlarms;
import io.kvorum.server.request.MoveLeadership;
import io.kvorum.server.request.ReportStatus;

/** What the Maintenance service asks for. */
public record MaintenanceRequests(
    ReportStatus status,
    ManageAlarms alarms,
    ComputeHashes hashes,
    DefragmentStore defragmentation,
    MoveLeadership leadership,
    DowngradeCluster downgrade,
    CopyDatabase copies) {}
