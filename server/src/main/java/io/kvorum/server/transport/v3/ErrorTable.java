// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.server.command.Refusal;
import io.kvorum.server.request.Answer;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;

/** The one place where what went wrong becomes a fault of a v3 call. */
final class ErrorTable {

  private ErrorTable() {}

  /** What to tell of a request that was not done. */
  static RpcFault fault(Answer<?> notDone) {
    return switch (notDone) {
      case Answer.Refused<?>(Refusal refusal) -> error(refusal).fault();
      case Answer.Denied<?>() -> V3Error.PERMISSION_DENIED.fault();
      // What has no row travels as it is, with etcd's code for that.
      case Answer.Failed<?>(var reason, var mayHaveHappened) ->
          V3Error.of(reason)
              .map(V3Error::fault)
              .orElseGet(() -> new RpcFault(RpcCode.UNKNOWN, reason));
      case Answer.Done<?> done -> throw new IllegalStateException("not a failure: " + done);
    };
  }

  /** What a refusal is called. */
  static V3Error error(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Keyspace(var reason) -> error(reason);
      case Refusal.Unsound(var reason) -> error(reason);
      case Refusal.Lease(var reason) -> error(reason);
      case Refusal.Alarmed(var kind) -> error(kind);
      case Refusal.Accounts(var reason) -> error(reason);
      case Refusal.Membership(var reason, var id) -> error(reason);
      case Refusal.Tree tree -> throw unexpected(tree);
      case Refusal.Auth auth -> throw unexpected(auth);
    };
  }

  private static V3Error error(Refusal.Keyspace.Reason reason) {
    return switch (reason) {
      case COMPACTED -> V3Error.COMPACTED;
      case FUTURE_REVISION -> V3Error.FUTURE_REVISION;
      case LEASE_NOT_FOUND -> V3Error.LEASE_NOT_FOUND;
      case KEY_NOT_FOUND -> V3Error.KEY_NOT_FOUND;
    };
  }

  private static V3Error error(Refusal.Lease.Reason reason) {
    return switch (reason) {
      case NOT_FOUND -> V3Error.LEASE_NOT_FOUND;
      case EXISTS -> V3Error.LEASE_EXISTS;
      case TTL_TOO_LARGE -> V3Error.LEASE_TTL_TOO_LARGE;
    };
  }

  private static V3Error error(Refusal.Alarmed.Kind kind) {
    return switch (kind) {
      case NO_SPACE -> V3Error.NO_SPACE;
      case CORRUPT -> V3Error.CORRUPT;
    };
  }

  private static V3Error error(Refusal.Unsound.Reason reason) {
    return switch (reason) {
      case KEY_NOT_PROVIDED -> V3Error.EMPTY_KEY;
      case VALUE_PROVIDED -> V3Error.VALUE_PROVIDED;
      case LEASE_PROVIDED -> V3Error.LEASE_PROVIDED;
      case EMPTY_OPERATION -> V3Error.KEY_NOT_FOUND;
      case TOO_MANY_OPERATIONS -> V3Error.TOO_MANY_OPERATIONS;
      case DUPLICATE_KEY -> V3Error.DUPLICATE_KEY;
      case INVALID_SORT -> V3Error.INVALID_SORT_OPTION;
      case REQUEST_TOO_LARGE -> V3Error.REQUEST_TOO_LARGE;
      case MEMBER_URLS -> V3Error.BAD_MEMBER_URLS;
    };
  }

  private static V3Error error(Refusal.Accounts.Reason reason) {
    return switch (reason) {
      case ROOT_USER_MISSING -> V3Error.ROOT_USER_MISSING;
      case ROOT_ROLE_MISSING -> V3Error.ROOT_ROLE_MISSING;
      case USER_EXISTS -> V3Error.USER_EXISTS;
      case USER_EMPTY -> V3Error.USER_EMPTY;
      case USER_NOT_FOUND -> V3Error.USER_NOT_FOUND;
      case ROLE_EXISTS -> V3Error.ROLE_EXISTS;
      case ROLE_NOT_FOUND -> V3Error.ROLE_NOT_FOUND;
      case ROLE_EMPTY -> V3Error.ROLE_EMPTY;
      case LOGIN_FAILED -> V3Error.AUTHENTICATION_FAILED;
      case NO_PASSWORD_USER -> V3Error.NO_PASSWORD_USER;
      case PERMISSION_NOT_GIVEN -> V3Error.PERMISSION_NOT_GIVEN;
      case PERMISSION_DENIED -> V3Error.PERMISSION_DENIED;
      case ROLE_NOT_GRANTED -> V3Error.ROLE_NOT_GRANTED;
      case PERMISSION_NOT_GRANTED -> V3Error.PERMISSION_NOT_GRANTED;
      case NOT_ENABLED -> V3Error.AUTH_NOT_ENABLED;
      case TOKEN_INVALID -> V3Error.INVALID_TOKEN;
      case MANAGEMENT_INVALID -> V3Error.INVALID_AUTH_MANAGEMENT;
      case REVISION_OLD -> V3Error.AUTH_REVISION_OLD;
      case TOKEN_KEY_MISSING -> V3Error.TOKEN_KEY_MISSING;
    };
  }

  private static V3Error error(Refusal.Membership.Reason reason) {
    return switch (reason) {
      case ID_EXISTS -> V3Error.MEMBER_EXISTS;
      case PEER_URL_EXISTS -> V3Error.PEER_URL_EXISTS;
      case ID_NOT_FOUND, ID_REMOVED -> V3Error.MEMBER_NOT_FOUND;
      case NOT_A_LEARNER -> V3Error.NOT_A_LEARNER;
      case TOO_MANY_LEARNERS -> V3Error.TOO_MANY_LEARNERS;
    };
  }

  private static IllegalStateException unexpected(Refusal refusal) {
    return new IllegalStateException("a refusal of another API: " + refusal);
  }
}
