// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/** What a snapshot stands for: every entry up to {@code position}, and who took part there. */
public record SnapshotMetadata(LogPosition position, ConfState confState) {

  public static final SnapshotMetadata EMPTY =
      new SnapshotMetadata(LogPosition.ZERO, ConfState.EMPTY);
}
