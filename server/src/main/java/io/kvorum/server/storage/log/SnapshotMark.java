// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import java.util.Optional;

/**
 * A record that says: the state up to {@code position} is durable elsewhere.
 *
 * @param confState who took part there; absent in the first record of a log, and in all of etcd
 *     before 3.5
 */
public record SnapshotMark(LogPosition position, Optional<ConfState> confState) {

  Bytes encode() {
    ProtoWriter out = new ProtoWriter();
    out.uint64Always(1, position.index());
    out.uint64Always(2, position.term());
    confState.ifPresent(
        state -> {
          int nested = out.begin(3);
          RaftWire.write(out, state);
          out.end(nested);
        });
    return out.toBytes();
  }

  static SnapshotMark decode(Bytes source) {
    ProtoReader in = new ProtoReader("Snapshot", source);
    long index = 0;
    long term = 0;
    Optional<ConfState> confState = Optional.empty();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> index = in.uint64();
        case 2 -> term = in.uint64();
        case 3 -> confState = Optional.of(RaftWire.readConfState(in.message("ConfState")));
        default -> in.skip();
      }
    }
    return new SnapshotMark(new LogPosition(term, index), confState);
  }
}
