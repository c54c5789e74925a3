// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.base.MinorVersion;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.member.Membership;
import io.kvorum.server.member.MembershipView;
import io.kvorum.server.request.AdminAccess.Right;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Begins and ends the downgrade of a cluster by one minor version. Source: etcd 3.7. Any thread.
 *
 * <p>The command is in no log that a member of 3.4 reads, which would end at it: nothing goes below
 * {@link #LOWEST}.
 */
public final class DowngradeCluster {
  private static final String LOWEST = "3.5.0";

  private static final String BAD_FORMAT = "etcdserver: wrong downgrade target version format";
  private static final String BAD_TARGET = "etcdserver: invalid downgrade target version";
  private static final String NO_VERSION = "etcdserver: cluster version not found during downgrade";
  private static final String RUNNING = "etcdserver: cluster has a downgrade job in progress";
  private static final String NOT_RUNNING = "etcdserver: no inflight downgrade job";

  private final AdminAccess access;
  private final MembershipView members;
  private final ReadBarrier barrier;
  private final Proposals proposals;

  public DowngradeCluster(
      AdminAccess access, MembershipView members, ReadBarrier barrier, Proposals proposals) {
    this.access = access;
    this.members = members;
    this.barrier = barrier;
    this.proposals = proposals;
  }

  /** Whether the cluster could go down to {@code target}; ends with its version now. */
  public CompletableFuture<Answer<String>> validate(Caller caller, String target) {
    return checked(caller, target, (requester, version) -> Answer.now(new Answer.Done<>(version)));
  }

  /** Begins to go down to {@code target}; ends with the cluster's version now. */
  public CompletableFuture<Answer<String>> enable(Caller caller, String target) {
    return checked(
        caller,
        target,
        (requester, version) ->
            propose(
                requester, new V3Command.SetDowngrade(true, MinorVersion.cut(target)), version));
  }

  /** Ends a downgrade that is under way; ends with the cluster's version now. */
  public CompletableFuture<Answer<String>> cancel(Caller caller) {
    return Answer.then(
        access.admit(caller, Right.ROOT),
        requester ->
            afterBarrier(
                now ->
                    now.downgrade().isEmpty()
                        ? failed(NOT_RUNNING)
                        : propose(
                            requester,
                            new V3Command.SetDowngrade(false, ""),
                            now.clusterVersion().orElse(""))));
  }

  private CompletableFuture<Answer<String>> checked(
      Caller caller,
      String target,
      BiFunction<Requester, String, CompletableFuture<Answer<String>>> then) {
    return Answer.then(
        access.admit(caller, Right.ROOT),
        requester ->
            MinorVersion.isOne(target)
                ? afterBarrier(
                    now -> {
                      Optional<String> objection = objection(now, MinorVersion.cut(target));
                      return objection.isPresent()
                          ? failed(objection.get())
                          : then.apply(requester, now.clusterVersion().orElseThrow());
                    })
                : failed(BAD_FORMAT));
  }

  private static Optional<String> objection(Membership now, String target) {
    if (now.clusterVersion().isEmpty()) {
      return Optional.of(NO_VERSION);
    }
    if (!MinorVersion.isOneBelow(target, now.clusterVersion().get())
        || MinorVersion.compare(target, LOWEST) < 0) {
      return Optional.of(BAD_TARGET);
    }
    return now.downgrade().isPresent() ? Optional.of(RUNNING) : Optional.empty();
  }

  private interface Use {
    CompletableFuture<Answer<String>> of(Membership now);
  }

  private CompletableFuture<Answer<String>> afterBarrier(Use use) {
    CompletableFuture<Answer<Membership>> current =
        barrier
            .await()
            .handle(
                (nothing, failed) ->
                    failed == null ? new Answer.Done<>(members.current()) : Answer.failed(failed));
    return Answer.then(current, use::of);
  }

  private CompletableFuture<Answer<String>> propose(
      Requester requester, V3Command.SetDowngrade command, String version) {
    return proposals
        .propose(new V3Request(requester, command))
        .handle(
            (applied, failed) ->
                failed != null
                    ? Answer.failed(failed)
                    : applied.outcome() instanceof Outcome.Refused(var refusal)
                        ? new Answer.Refused<>(refusal)
                        : new Answer.Done<>(version));
  }

  private static CompletableFuture<Answer<String>> failed(String reason) {
    return Answer.now(new Answer.Failed<>(reason, false));
  }
}
