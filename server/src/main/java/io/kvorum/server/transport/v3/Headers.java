// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.api.etcdserverpb.ResponseHeader;
import io.kvorum.base.MemberId;
import io.kvorum.base.ProtoWriter;
import java.util.function.LongSupplier;

/** Writes the header that an answer begins with: who answered, and when. */
public final class Headers {
  private final MemberId cluster;
  private final MemberId member;
  private final LongSupplier term;

  /**
   * @param member this one
   * @param term the raft term of now
   */
  public Headers(MemberId cluster, MemberId member, LongSupplier term) {
    this.cluster = cluster;
    this.member = member;
    this.term = term;
  }

  /** The raft term that a header written now tells. */
  long term() {
    return term.getAsLong();
  }

  /** Adds a ResponseHeader as field 1. */
  void write(ProtoWriter out, long revision) {
    int mark = out.begin(1);
    out.uint64(1, cluster.value());
    out.uint64(2, member.value());
    out.uint64(3, revision);
    out.uint64(4, term.getAsLong());
    out.end(mark);
  }

  /** The header as a message. */
  ResponseHeader of(long revision) {
    return ResponseHeader.newBuilder()
        .setClusterId(cluster.value())
        .setMemberId(member.value())
        .setRevision(revision)
        .setRaftTerm(term.getAsLong())
        .build();
  }

  /** The header of answers that have no revision, as those about the membership. */
  ResponseHeader withoutRevision() {
    return of(0);
  }
}
