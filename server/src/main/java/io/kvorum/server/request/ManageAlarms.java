// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.request.AdminAccess.Right;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Raises, ends and lists the cluster's alarms. Listing goes through the log as well, as in etcd, so
 * without a quorum it fails instead of telling what may be old. Any thread.
 */
public final class ManageAlarms {
  private final AdminAccess access;
  private final Proposals proposals;

  public ManageAlarms(AdminAccess access, Proposals proposals) {
    this.access = access;
    this.proposals = proposals;
  }

  /** Ends with the alarms that {@code command} was about. */
  public CompletableFuture<Answer<List<Alarm>>> carryOut(Caller caller, AlarmCommand command) {
    Right right = command.action() == AlarmCommand.Action.GET ? Right.ANY_USER : Right.ROOT;
    return Answer.then(
        access.admit(caller, right),
        requester ->
            proposals
                .propose(new V3Request(requester, command))
                .handle(
                    (applied, failed) ->
                        failed != null ? Answer.failed(failed) : answer(applied.outcome())));
  }

  private static Answer<List<Alarm>> answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Alarms(var alarms) -> new Answer.Done<>(alarms);
      case Outcome.Refused(var refusal) -> new Answer.Refused<>(refusal);
      default -> throw new IllegalStateException("a command about alarms came to " + outcome);
    };
  }
}
