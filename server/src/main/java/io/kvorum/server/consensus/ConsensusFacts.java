// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.MemberId;
import io.kvorum.raft.Effects.Role;

/** What this member knows about the consensus right now. Callable from any thread, never blocks. */
public interface ConsensusFacts {

  /** {@link MemberId#NONE} when no leader is known. */
  MemberId leader();

  Role role();

  long term();

  /** The last log index whose effects are visible to readers. */
  long appliedIndex();

  long committedIndex();
}
