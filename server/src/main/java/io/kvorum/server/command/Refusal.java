// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;

/** Why a command or a query was refused. Each transport maps these in exactly one table. */
public sealed interface Refusal {

  /**
   * A refusal of the v2 tree.
   *
   * @param cause raw text: a full store path (with its {@code /1}) or a comparison; may be empty
   * @param index the store index at that moment
   */
  record Tree(Code code, Bytes cause, long index) implements Refusal {

    /** The v2 error numbers that the tree itself produces. */
    public enum Code {
      KEY_NOT_FOUND(100),
      COMPARE_FAILED(101),
      NOT_A_FILE(102),
      NOT_A_DIRECTORY(104),
      KEY_EXISTS(105),
      ROOT_READ_ONLY(107),
      DIRECTORY_NOT_EMPTY(108),
      EVENT_INDEX_CLEARED(401);

      private final int number;

      Code(int number) {
        this.number = number;
      }

      public int number() {
        return number;
      }
    }
  }

  /** A refusal of a membership change. */
  record Membership(Reason reason, MemberId id) implements Refusal {

    /** Validated at apply, against the state at that position of the log. */
    public enum Reason {
      ID_EXISTS,
      PEER_URL_EXISTS,
      ID_NOT_FOUND,
      ID_REMOVED,
      NOT_A_LEARNER,
      TOO_MANY_LEARNERS
    }
  }

  /**
   * A refusal about users, roles and the switch of authentication.
   *
   * @param text as etcd 2.3.7 words it
   */
  record Auth(Kind kind, String text) implements Refusal {

    /** What is wrong with the request. */
    public enum Kind {
      BAD_REQUEST,
      FORBIDDEN,
      NOT_FOUND,
      CONFLICT
    }
  }

  /** What only requests of the v3 API come to. */
  sealed interface V3 extends Refusal {}

  /** A refusal of the v3 keyspace, decided against its state. */
  record Keyspace(Reason reason) implements V3 {

    /** Why. */
    public enum Reason {
      COMPACTED,
      FUTURE_REVISION,
      LEASE_NOT_FOUND,
      KEY_NOT_FOUND
    }
  }

  /** A refusal of a change of the leases, decided against which there are. */
  record Lease(Reason reason) implements V3 {

    /** Why. */
    public enum Reason {
      NOT_FOUND,
      EXISTS,
      TTL_TOO_LARGE
    }
  }

  /** A command that an alarm of the cluster forbids. */
  record Alarmed(Kind kind) implements V3 {

    /** Which alarm. */
    public enum Kind {
      NO_SPACE,
      CORRUPT
    }
  }

  /** A refusal about users, roles, permissions and tokens of the v3 API. */
  record Accounts(Reason reason) implements V3 {

    /** Why. */
    public enum Reason {
      ROOT_USER_MISSING,
      ROOT_ROLE_MISSING,
      USER_EXISTS,
      USER_EMPTY,
      USER_NOT_FOUND,
      ROLE_EXISTS,
      ROLE_NOT_FOUND,
      ROLE_EMPTY,
      LOGIN_FAILED,
      /** A password was given for a user who has none. */
      NO_PASSWORD_USER,
      PERMISSION_NOT_GIVEN,
      PERMISSION_DENIED,
      ROLE_NOT_GRANTED,
      PERMISSION_NOT_GRANTED,
      NOT_ENABLED,
      TOKEN_INVALID,
      /** The one who would undo it, or a range that is none. */
      MANAGEMENT_INVALID,
      /** Users or roles have changed since the request was let in. */
      REVISION_OLD,
      /** This member can check tokens but has no key to make any. */
      TOKEN_KEY_MISSING
    }
  }

  /** A request of the v3 API that is unsound by itself, whatever the state is. */
  record Unsound(Reason reason) implements V3 {

    /** Why. */
    public enum Reason {
      KEY_NOT_PROVIDED,
      VALUE_PROVIDED,
      LEASE_PROVIDED,
      /** An operation of a transaction that is none of the four. */
      EMPTY_OPERATION,
      TOO_MANY_OPERATIONS,
      DUPLICATE_KEY,
      INVALID_SORT,
      REQUEST_TOO_LARGE,
      /** Peer URLs that are none, or none at all. */
      MEMBER_URLS
    }
  }
}
