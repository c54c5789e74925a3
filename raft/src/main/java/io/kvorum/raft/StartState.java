// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.List;

/**
 * What a node wakes up with.
 *
 * @param hardState from the log; its commit is raised to {@code applied.index()} when lower
 * @param confState the configuration as of {@code applied}, from the store
 * @param logStart the position before the first entry the log still holds (a snapshot's, or zero)
 * @param entries the newest entries of the log, consecutive up to its end, all of them durable; may
 *     begin later than {@code logStart} when older ones can be read from disk, but holds everything
 *     behind {@code applied}
 * @param beforeEntries the position before the first of {@code entries}
 * @param applied the position the state machine reflects
 */
public record StartState(
    HardState hardState,
    ConfState confState,
    LogPosition logStart,
    LogPosition beforeEntries,
    List<Entry> entries,
    LogPosition applied) {}
