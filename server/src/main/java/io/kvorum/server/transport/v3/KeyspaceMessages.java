// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceResult;
import java.util.List;

/**
 * What the keyspace answered, as the answers of etcd's KV service. A key's record goes out as the
 * store has it, without being encoded again.
 */
final class KeyspaceMessages {
  private static final int ROOM = 128;
  private static final int PER_KEY = 8;

  private final Headers headers;

  KeyspaceMessages(Headers headers) {
    this.headers = headers;
  }

  /** The answer with its header. */
  Bytes of(KeyspaceResult result) {
    var out = new ProtoWriter(room(result));
    headers.write(out, result.revision());
    body(out, result);
    return out.take();
  }

  /** A part of a range that is told in parts: its keys and nothing else. */
  Bytes part(List<KeyValue> found) {
    var out = new ProtoWriter(room(found));
    int mark = out.begin(1);
    keys(out, 2, found);
    out.end(mark);
    return out.take();
  }

  /** The last part, with the header and the numbers of the whole. */
  Bytes lastPart(KeyspaceResult.Range range) {
    var out = new ProtoWriter(room(range));
    int mark = out.begin(1);
    headers.write(out, range.revision());
    body(out, range);
    out.end(mark);
    return out.take();
  }

  private static int room(KeyspaceResult result) {
    return result instanceof KeyspaceResult.Range range ? room(range.found()) : ROOM;
  }

  private static int room(List<KeyValue> found) {
    int room = ROOM;
    for (var kv : found) {
      room += PER_KEY + kv.encoded().length();
    }
    return room;
  }

  private static void body(ProtoWriter out, KeyspaceResult result) {
    switch (result) {
      case KeyspaceResult.Range range -> {
        keys(out, 2, range.found());
        out.bool(3, range.more());
        out.uint64(4, range.count());
      }
      case KeyspaceResult.Put put -> put.previous().ifPresent(kv -> key(out, 2, kv));
      case KeyspaceResult.DeleteRange delete -> {
        out.uint64(2, delete.deleted());
        keys(out, 3, delete.previous());
      }
      case KeyspaceResult.Txn txn -> {
        out.bool(2, txn.succeeded());
        for (var inner : txn.results()) {
          int mark = out.begin(3);
          operation(out, inner);
          out.end(mark);
        }
      }
      case KeyspaceResult.Hash hash -> {
        out.uint64(2, Integer.toUnsignedLong(hash.hash()));
        out.uint64(3, hash.compactRevision());
        out.uint64(4, hash.hashRevision());
      }
      case KeyspaceResult.Compact compact -> {}
    }
  }

  /** A ResponseOp. Its header tells the revision only, and that of a nested transaction nothing. */
  private static void operation(ProtoWriter out, KeyspaceResult result) {
    int mark = out.begin(field(result));
    int header = out.begin(1);
    if (!(result instanceof KeyspaceResult.Txn)) {
      out.uint64(3, result.revision());
    }
    out.end(header);
    body(out, result);
    out.end(mark);
  }

  private static int field(KeyspaceResult result) {
    return switch (result) {
      case KeyspaceResult.Range range -> 1;
      case KeyspaceResult.Put put -> 2;
      case KeyspaceResult.DeleteRange delete -> 3;
      case KeyspaceResult.Txn txn -> 4;
      case KeyspaceResult.Hash hash -> throw new IllegalArgumentException("no operation: " + hash);
      case KeyspaceResult.Compact compact ->
          throw new IllegalArgumentException("no operation: " + compact);
    };
  }

  private static void keys(ProtoWriter out, int field, List<KeyValue> keys) {
    for (var kv : keys) {
      key(out, field, kv);
    }
  }

  private static void key(ProtoWriter out, int field, KeyValue kv) {
    out.bytesAlways(field, kv.encoded());
  }
}
