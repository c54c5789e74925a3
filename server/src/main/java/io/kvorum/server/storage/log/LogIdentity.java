// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;

/** Whose log this is; repeated at the head of every segment. */
public record LogIdentity(long memberId, long clusterId) {

  Bytes encode() {
    ProtoWriter out = new ProtoWriter(24);
    out.uint64Always(1, memberId);
    out.uint64Always(2, clusterId);
    return out.toBytes();
  }

  static LogIdentity decode(Bytes source) {
    ProtoReader in = new ProtoReader("Metadata", source);
    long memberId = 0;
    long clusterId = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> memberId = in.uint64();
        case 2 -> clusterId = in.uint64();
        default -> in.skip();
      }
    }
    return new LogIdentity(memberId, clusterId);
  }

  @Override
  public String toString() {
    return "member " + MemberId.hex(memberId) + " of cluster " + MemberId.hex(clusterId);
  }
}
