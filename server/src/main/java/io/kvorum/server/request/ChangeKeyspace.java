// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.consensus.Proposals;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Changes the v3 keyspace: looks at what can be seen without the state, then proposes. Futures end
 * on the apply thread, or where the caller says.
 */
public final class ChangeKeyspace {

  /** Never reached by an id, so never shorter in the log than the entry that will be written. */
  private static final long LONGEST_ID = -1;

  private final KeyspaceAccess access;
  private final ReadKeyspace reading;
  private final Proposals proposals;
  private final KeyspaceLimits limits;

  public ChangeKeyspace(
      KeyspaceAccess access, ReadKeyspace reading, Proposals proposals, KeyspaceLimits limits) {
    this.access = access;
    this.reading = reading;
    this.proposals = proposals;
    this.limits = limits;
  }

  /** Puts a key. Callable from any thread. */
  public CompletableFuture<Answer<KeyspaceResult>> put(Caller caller, Put put) {
    return KeyspaceAnswers.ifSound(
        put,
        limits,
        () ->
            KeyspaceAccess.asAdmitted(
                () -> access.admit(caller, put), requester -> propose(requester, put)));
  }

  /** Deletes keys. Callable from any thread. */
  public CompletableFuture<Answer<KeyspaceResult>> delete(Caller caller, DeleteRange delete) {
    return KeyspaceAnswers.ifSound(
        delete,
        limits,
        () ->
            KeyspaceAccess.asAdmitted(
                () -> access.admit(caller, delete), requester -> propose(requester, delete)));
  }

  /**
   * Carries out a transaction; one that only reads does not go through the log. Callable from any
   * thread.
   *
   * @param where runs the reading of one that only reads: neither raft's nor apply's thread
   */
  public CompletableFuture<Answer<KeyspaceResult>> txn(Caller caller, Txn txn, Executor where) {
    return Soundness.onlyReads(txn)
        ? reading.txn(caller, txn, where)
        : KeyspaceAnswers.ifSound(
            txn,
            limits,
            () ->
                KeyspaceAccess.asAdmitted(
                    () -> access.admit(caller, txn), requester -> propose(requester, txn)));
  }

  /** Forgets history. Callable from any thread. */
  public CompletableFuture<Answer<KeyspaceResult>> compact(Caller caller, Compact compact) {
    return KeyspaceAccess.asAdmitted(
        () -> access.admit(caller, compact), requester -> propose(requester, compact));
  }

  private CompletableFuture<Answer<KeyspaceResult>> propose(
      Requester requester, KeyspaceCommand command) {
    V3Request request = new V3Request(requester, command);
    return isTooLarge(request)
        ? Answer.now(
            new Answer.Refused<>(new Refusal.Unsound(Refusal.Unsound.Reason.REQUEST_TOO_LARGE)))
        : proposals.propose(request).handle(KeyspaceAnswers::of);
  }

  /** Encodes only what may be too large: the rest is encoded once, where it is proposed. */
  private boolean isTooLarge(V3Request request) {
    return CommandSize.atMost(request.command()) > limits.requestBytesMax()
        && EntryCodec.encode(LONGEST_ID, request).data().length() > limits.requestBytesMax();
  }
}
