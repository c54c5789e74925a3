// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.MemberId;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks a leader how far its followers are. Callable from any thread. */
public interface Followers {

  /** Ends on the raft thread; empty when this member does not lead. */
  CompletableFuture<Optional<Progress>> progress();

  /**
   * What a leader knows of its followers' logs.
   *
   * @param durable the last log index on its own disk
   * @param matches up to which index each other member's log is known to equal its own
   */
  record Progress(long durable, Map<MemberId, Long> matches) {

    public Progress {
      matches = Map.copyOf(matches);
    }

    static Optional<Progress> of(Status status) {
      if (status.role() != Effects.Role.LEADER) {
        return Optional.empty();
      }
      Map<MemberId, Long> matches = new HashMap<>();
      for (Status.Peer peer : status.peers()) {
        matches.put(new MemberId(peer.id()), peer.match());
      }
      return Optional.of(new Progress(status.durable(), matches));
    }
  }
}
