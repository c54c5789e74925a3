// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.server.auth.AuthStore;
import io.kvorum.server.auth.KeyspaceRules;
import io.kvorum.server.base.MinorVersion;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.lease.AttachedKeys;
import io.kvorum.server.storage.engine.Batch;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries out commands of the v3 API: looks whether an alarm forbids it, then lets the store do it
 * whose subject it is. Owned by the apply thread.
 *
 * <p>What an alarm forbids is decided by commands alone, never by this member's disk, and as etcd
 * 3.4.23 does: it may apply the same log beside us.
 */
final class V3Commands {

  private final Stores stores;

  /** Which keys hang on a lease, the keyspace knows. */
  private final AttachedKeys attached =
      new AttachedKeys() {
        @Override
        public void delete(long lease, Batch batch) {
          stores.keyspace().deleteAttached(lease, batch);
        }

        @Override
        public long revision() {
          return stores.keyspace().revision();
        }
      };

  V3Commands(Stores stores) {
    this.stores = stores;
  }

  Outcome carryOut(V3Request request, long requestId, long logIndex, Batch batch) {
    V3Command command = request.command();
    Optional<Refusal.Alarmed.Kind> alarm = alarmAgainst(command);
    if (alarm.isPresent()) {
      return new Outcome.Refused(new Refusal.Alarmed(alarm.get()));
    }
    return switch (command) {
      case KeyspaceCommand change -> changeKeyspace(change, request.requester(), batch);
      case LeaseCommand change -> changeLeases(change, request.requester(), batch);
      case AlarmCommand change -> stores.alarms().apply(change, batch);
      case V3Command.SetDowngrade change -> stores.members().apply(change, batch);
      // Only its proposer wants to know, and we propose none.
      case V3Command.LoggedRead read -> new Outcome.Done();
      case AuthCommand change ->
          stores
              .auth()
              .apply(
                  change,
                  new AuthStore.Context(
                      request.requester().user(), requestId, logIndex, isBefore35()),
                  batch);
    };
  }

  /** Permissions are looked at again: they may have changed since the request was let in. */
  private Outcome changeKeyspace(KeyspaceCommand change, Requester requester, Batch batch) {
    return unless(
        change instanceof KeyspaceCommand.Operation operation
            ? rules(requester).objection(operation)
            : Optional.empty(),
        () -> stores.keyspace().apply(change, stores.leases()::exists, batch));
  }

  /** As 3.4.23: who ends a lease deletes its keys, so must be permitted to write them. */
  private Outcome changeLeases(LeaseCommand change, Requester requester, Batch batch) {
    return unless(
        change instanceof LeaseCommand.Revoke revoke
            ? rules(requester).objectionToLease(revoke.id())
            : Optional.empty(),
        () -> stores.leases().apply(change, attached, batch));
  }

  private KeyspaceRules rules(Requester requester) {
    return KeyspaceRules.ofTheLog(
        stores.auth().working(), requester, stores.keyspace()::attachedNow);
  }

  private static Outcome unless(
      Optional<Refusal.Accounts.Reason> objection, Supplier<Outcome> change) {
    return objection
        .<Outcome>map(reason -> new Outcome.Refused(new Refusal.Accounts(reason)))
        .orElseGet(change);
  }

  private boolean isBefore35() {
    return MinorVersion.compare(stores.members().clusterVersionNow().orElse("3.0.0"), "3.5.0") < 0;
  }

  /** Damage weighs more than a lack of space: nothing is to be changed by anybody then. */
  private Optional<Refusal.Alarmed.Kind> alarmAgainst(V3Command command) {
    if (stores.alarms().stands(AlarmCommand.CORRUPT) && changesData(command)) {
      return Optional.of(Refusal.Alarmed.Kind.CORRUPT);
    }
    return stores.alarms().stands(AlarmCommand.NO_SPACE) && needsSpace(command)
        ? Optional.of(Refusal.Alarmed.Kind.NO_SPACE)
        : Optional.empty();
  }

  private static boolean changesData(V3Command command) {
    return switch (command) {
      case KeyspaceCommand change -> true;
      case LeaseCommand.Grant grant -> true;
      case LeaseCommand.Revoke revoke -> true;
      case LeaseCommand.Checkpoint checkpoint -> false;
      case AlarmCommand change -> false;
      case AuthCommand change -> false;
      case V3Command.SetDowngrade change -> false;
      case V3Command.LoggedRead read -> false;
    };
  }

  private static boolean needsSpace(V3Command command) {
    return switch (command) {
      case KeyspaceCommand.Put put -> true;
      // As 3.4 looks at it: not into transactions within the transaction.
      case KeyspaceCommand.Txn txn -> puts(txn.success()) || puts(txn.failure());
      case LeaseCommand.Grant grant -> true;
      case KeyspaceCommand.DeleteRange delete -> false;
      case KeyspaceCommand.Compact compact -> false;
      case LeaseCommand.Revoke revoke -> false;
      case LeaseCommand.Checkpoint checkpoint -> false;
      case AlarmCommand change -> false;
      case AuthCommand change -> false;
      case V3Command.SetDowngrade change -> false;
      case V3Command.LoggedRead read -> false;
    };
  }

  private static boolean puts(List<KeyspaceCommand.Operation> branch) {
    return branch.stream().anyMatch(KeyspaceCommand.Put.class::isInstance);
  }
}
