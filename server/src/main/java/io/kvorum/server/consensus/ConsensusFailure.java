// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

/** A request met no consensus in time. An environment failure, not an answer of the protocol. */
public final class ConsensusFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final boolean mayHaveHappened;

  public ConsensusFailure(Kind kind, boolean mayHaveHappened) {
    super(kind.text(), null, false, false);
    this.kind = kind;
    this.mayHaveHappened = mayHaveHappened;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the write may still be applied later. Never so for reads. */
  public boolean mayHaveHappened() {
    return mayHaveHappened;
  }

  /** Texts as etcd words them (recorded behaviour of 2.3.7, time-outs and loss of quorum). */
  public enum Kind {
    TIMEOUT("etcdserver: request timed out"),
    TIMEOUT_LEADER_FAILED("etcdserver: request timed out, possibly due to previous leader failure"),
    TIMEOUT_CONNECTION_LOST("etcdserver: request timed out, possibly due to connection lost"),
    /** What only the leader of a term may propose came too late. */
    LEADER_CHANGED("etcdserver: leader changed"),
    STOPPED("etcdserver: server stopped"),
    TOO_MANY_REQUESTS("etcdserver: too many requests");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
