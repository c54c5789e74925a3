// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;

/** What a log entry of the v3 API asks for, apart from who asks ({@link V3Request}). */
public sealed interface V3Command
    permits AlarmCommand,
        AuthCommand,
        KeyspaceCommand,
        LeaseCommand,
        V3Command.LoggedRead,
        V3Command.SetDowngrade {

  /**
   * A read that went through the log: members up to 3.7 ask for users and roles like this. It has
   * no effect, and only the member that proposed it needs its answer; we do not propose any.
   *
   * @param field which read, as the field's number in InternalRaftRequest
   * @param request the message in it
   */
  record LoggedRead(int field, Bytes request) implements V3Command {}

  /**
   * The beginning or the end of a downgrade; never while a member of 3.4 is present, which does not
   * know it.
   *
   * @param version the version to go down to, as {@code 3.4.0}; empty at the end
   */
  record SetDowngrade(boolean enabled, String version) implements V3Command {}
}
