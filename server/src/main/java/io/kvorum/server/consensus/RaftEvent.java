// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Input;
import io.kvorum.raft.Status;
import java.util.function.Consumer;

/** What waits in the raft thread's inbox. */
sealed interface RaftEvent {

  /** An input for the core as it is. */
  record Step(Input input) implements RaftEvent {}

  /** Proposals of this member wait in their queue. */
  record ProposalsWaiting() implements RaftEvent {}

  /** Readers wait for the next round. */
  record ReadsWaiting() implements RaftEvent {}

  /** One heartbeat interval has passed. */
  record Ticked() implements RaftEvent {}

  /** Somebody wants to know how far the followers are. */
  record FollowersAsked(Consumer<Status> answer) implements RaftEvent {}
}
