// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;

/** A change of the v3 API's users and roles, a log-in, or the switch of authentication. */
public sealed interface AuthCommand extends V3Command {

  /** Switches authentication on. */
  record Enable() implements AuthCommand {}

  /** Switches authentication off. */
  record Disable() implements AuthCommand {}

  /**
   * A log-in; the proposer has checked the password.
   *
   * @param simpleToken the random part of the token, to which apply adds the log index; empty when
   *     tokens are not of that kind
   */
  record Authenticate(String user, String simpleToken) implements AuthCommand {

    @Override
    public String toString() {
      return "Authenticate[user=" + user + "]";
    }
  }

  record AddUser(String user, Password password, boolean noPassword) implements AuthCommand {}

  record DeleteUser(String user) implements AuthCommand {}

  record ChangePassword(String user, Password password) implements AuthCommand {}

  record GrantRole(String user, String role) implements AuthCommand {}

  record RevokeRole(String user, String role) implements AuthCommand {}

  record AddRole(String role) implements AuthCommand {}

  record DeleteRole(String role) implements AuthCommand {}

  record GrantPermission(String role, Permission permission) implements AuthCommand {}

  /** Takes back the permission that was granted for exactly this key and end. */
  record RevokePermission(String role, Bytes key, Bytes rangeEnd) implements AuthCommand {}

  /**
   * A password in one of two forms. Members of 3.4 know only the first and hash it themselves; from
   * 3.5 on the proposer hashes it.
   *
   * @param plain empty when hashed
   * @param hashed base64 of a bcrypt hash's text; empty when plain
   */
  record Password(String plain, String hashed) {

    /** No password, of a user who needs none. */
    public static final Password NONE = new Password("", "");

    @Override
    public String toString() {
      return hashed.isEmpty() ? "plain password" : "hashed password";
    }
  }

  /**
   * What is allowed on a range of keys.
   *
   * @param type {@link #READ}, {@link #WRITE}, {@link #READ_WRITE}, or another number, which allows
   *     nothing
   * @param rangeEnd as in {@link KeyspaceCommand#range}
   */
  record Permission(int type, Bytes key, Bytes rangeEnd) {

    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int READ_WRITE = 2;

    /** Whether it stands for a range of keys, as members demand from 3.5 on. */
    public boolean isRange() {
      return !key.isEmpty() && !KeyspaceCommand.range(key, rangeEnd).isEmpty();
    }
  }
}
