// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/**
 * A command of the v3 API and who asks for it: etcd's InternalRaftRequest without its id.
 *
 * <p>Every member that applies it checks the permissions again, at that position of the log; it
 * trusts the proposer for the name.
 */
public record V3Request(Requester requester, V3Command command) implements Command {

  /**
   * Who asks.
   *
   * @param user empty while authentication is off
   * @param authRevision the revision of users and roles that the request was let in at; when it is
   *     no longer that one, the request is refused
   */
  public record Requester(String user, long authRevision) {

    /** While authentication is off. */
    public static final Requester NOBODY = new Requester("", 0);
  }

  /** A command while authentication is off. */
  public static V3Request of(V3Command command) {
    return new V3Request(Requester.NOBODY, command);
  }
}
