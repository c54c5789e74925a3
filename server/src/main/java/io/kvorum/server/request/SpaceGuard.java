// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.member.MembershipView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Keeps out of the log what this member has no room for, and raises the alarm by which all members
 * then refuse it. Deletions and compactions always pass: they are the way out. Callable from any
 * thread.
 */
public final class SpaceGuard implements Proposals {

  private static final Outcome NO_SPACE =
      new Outcome.Refused(new Refusal.Alarmed(Refusal.Alarmed.Kind.NO_SPACE));

  private final Proposals inner;
  private final StoreSize size;
  private final MembershipView members;
  private final Supplier<List<Alarm>> alarms;

  /**
   * Guards {@code inner}.
   *
   * @param alarms those that stand
   */
  public SpaceGuard(
      Proposals inner, StoreSize size, MembershipView members, Supplier<List<Alarm>> alarms) {
    this.inner = inner;
    this.size = size;
    this.members = members;
    this.alarms = alarms;
  }

  /**
   * As {@link Proposals#propose}; what there is no room for ends refused, with the alarm raised.
   */
  @Override
  public CompletableFuture<Applied> propose(Command command) {
    return command instanceof V3Request request && !hasRoom(SpaceCost.of(request.command()))
        ? raise()
        : inner.propose(command);
  }

  private boolean hasRoom(long bytes) {
    return bytes == 0 || size.quota() == 0 || size.total() + bytes < size.quota();
  }

  /** As in etcd, the client hears of it when everybody knows. */
  private CompletableFuture<Applied> raise() {
    Alarm alarm = new Alarm(members.current().localId().value(), AlarmCommand.NO_SPACE);
    if (alarms.get().contains(alarm)) {
      return CompletableFuture.completedFuture(new Applied(NO_SPACE, 0, 0));
    }
    return inner
        .propose(V3Request.of(AlarmCommand.raise(alarm)))
        .handle(
            (applied, failure) ->
                failure == null
                    ? new Applied(NO_SPACE, applied.logIndex(), applied.term())
                    : new Applied(NO_SPACE, 0, 0));
  }
}
