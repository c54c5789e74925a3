// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.env.Clock;
import io.kvorum.raft.Entry;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.consensus.ConsensusFailure.Kind;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Turns a command into an entry with an id of its own, and hands it over to the raft thread once.
 */
final class Proposer implements Proposals, LeaderProposals {

  private final Clock clock;
  private final RequestIds ids;
  private final Waiters waiters;
  private final ProposalQueue queue;
  private final long bytesMax;
  private final AtomicLong bytesUnderWay = new AtomicLong();

  Proposer(Clock clock, RequestIds ids, Waiters waiters, ProposalQueue queue, long bytesMax) {
    this.clock = clock;
    this.ids = ids;
    this.waiters = waiters;
    this.queue = queue;
    this.bytesMax = bytesMax;
  }

  @Override
  public CompletableFuture<Applied> propose(Command command) {
    return propose(command, 0);
  }

  @Override
  public CompletableFuture<Applied> propose(Command command, long onlyInTerm) {
    long id = ids.next();
    EntryCodec.Encoded encoded = EntryCodec.encode(id, command);
    int bytes = encoded.data().length();
    if (bytesUnderWay.addAndGet(bytes) > bytesMax) {
      bytesUnderWay.addAndGet(-bytes);
      return CompletableFuture.failedFuture(new ConsensusFailure(Kind.TOO_MANY_REQUESTS, false));
    }
    CompletableFuture<Applied> answer = submit(id, encoded, onlyInTerm);
    answer.whenComplete((applied, failure) -> bytesUnderWay.addAndGet(-bytes));
    return answer;
  }

  private CompletableFuture<Applied> submit(long id, EntryCodec.Encoded encoded, long onlyInTerm) {
    Optional<CompletableFuture<Applied>> waiter = waiters.add(id, clock.monotonicNanos());
    if (waiter.isEmpty()) {
      return CompletableFuture.failedFuture(new ConsensusFailure(Kind.TOO_MANY_REQUESTS, false));
    }
    Entry entry = new Entry(encoded.type(), 0, 0, encoded.data());
    if (waiters.isClosed()) {
      // Looked at after the waiter is known: either the one who closed has seen it, or we see this.
      waiters.fail(id, Kind.STOPPED);
    } else if (!queue.offer(new ProposalQueue.Proposal(id, entry, onlyInTerm))) {
      waiters.fail(id, waiters.isClosed() ? Kind.STOPPED : Kind.TOO_MANY_REQUESTS);
    }
    return waiter.get();
  }
}
