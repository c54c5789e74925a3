// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import java.util.List;

/**
 * Commands and queries of the v3 keyspace as etcd's request messages: the fields, without a tag.
 */
final class KeyspaceWriter {

  private KeyspaceWriter() {}

  static void write(ProtoWriter out, KeyspaceCommand command) {
    switch (command) {
      case Put put -> write(out, put);
      case DeleteRange delete -> write(out, delete);
      case Txn txn -> write(out, txn);
      case Compact compact -> {
        out.uint64(1, compact.revision());
        out.bool(2, compact.physical());
      }
    }
  }

  private static void write(ProtoWriter out, Put put) {
    out.bytes(1, put.key());
    out.bytes(2, put.value());
    out.uint64(3, put.lease());
    out.bool(4, put.previous());
    out.bool(5, put.ignoreValue());
    out.bool(6, put.ignoreLease());
  }

  private static void write(ProtoWriter out, DeleteRange delete) {
    out.bytes(1, delete.key());
    out.bytes(2, delete.rangeEnd());
    out.bool(3, delete.previous());
  }

  private static void write(ProtoWriter out, Txn txn) {
    for (Compare compare : txn.compares()) {
      int mark = out.begin(1);
      write(out, compare);
      out.end(mark);
    }
    write(out, 2, txn.success());
    write(out, 3, txn.failure());
  }

  private static void write(ProtoWriter out, Compare compare) {
    out.enumeration(1, compare.relation().ordinal());
    out.enumeration(2, compare.target().ordinal());
    out.bytes(3, compare.key());
    switch (compare.target()) {
      case VALUE -> out.bytesAlways(KeyspaceReader.union(compare.target()), compare.value());
      case VERSION, CREATE_REVISION, MOD_REVISION, LEASE ->
          out.uint64Always(KeyspaceReader.union(compare.target()), compare.number());
    }
    out.bytes(64, compare.rangeEnd());
  }

  private static void write(ProtoWriter out, int field, List<Operation> operations) {
    for (Operation operation : operations) {
      int outer = out.begin(field);
      int inner;
      switch (operation) {
        case RangeQuery range -> {
          inner = out.begin(1);
          write(out, range);
        }
        case Put put -> {
          inner = out.begin(2);
          write(out, put);
        }
        case DeleteRange delete -> {
          inner = out.begin(3);
          write(out, delete);
        }
        case Txn txn -> {
          inner = out.begin(4);
          write(out, txn);
        }
      }
      out.end(inner);
      out.end(outer);
    }
  }

  private static void write(ProtoWriter out, RangeQuery range) {
    out.bytes(1, range.key());
    out.bytes(2, range.rangeEnd());
    out.uint64(3, range.limit());
    out.uint64(4, range.revision());
    out.enumeration(5, range.order().ordinal());
    out.enumeration(6, range.target().ordinal());
    out.bool(7, range.serializable());
    out.bool(8, range.keysOnly());
    out.bool(9, range.countOnly());
    out.uint64(10, range.bounds().modMin());
    out.uint64(11, range.bounds().modMax());
    out.uint64(12, range.bounds().createMin());
    out.uint64(13, range.bounds().createMax());
  }
}
