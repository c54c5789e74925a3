// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import java.util.List;

/**
 * A log as it was found at start.
 *
 * @param identity whose log it is
 * @param hardState the last one written; empty when there was none
 * @param beforeEntries the position before the first of {@code entries}
 * @param entries the newest entries behind the starting point, up to the log's end and not more
 *     than {@link LogLimits#tailBytesMax} of them (but at least one when there is one); earlier
 *     ones are read by {@link WriteAheadLog#read} and {@link WriteAheadLog#replay}
 * @param marks all marks in the segments that were read, oldest first
 */
public record Opened(
    WriteAheadLog log,
    LogIdentity identity,
    HardState hardState,
    LogPosition beforeEntries,
    List<Entry> entries,
    List<SnapshotMark> marks) {}
