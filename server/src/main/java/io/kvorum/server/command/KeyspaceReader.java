// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.server.command.Compare.Relation;
import io.kvorum.server.command.Compare.Target;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery.Bounds;
import io.kvorum.server.command.RangeQuery.SortOrder;
import io.kvorum.server.command.RangeQuery.SortTarget;
import io.kvorum.server.command.Refusal.Unsound.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads commands and queries of the v3 keyspace from etcd's request messages. A client's message
 * and the one in the log are the same, and so is most of what reads them. Keys and values share the
 * source's array. Stateless.
 *
 * <p>Strict on wire types, as {@link ProtoReader} is, and throws {@link
 * io.kvorum.base.MalformedProto}; of clients also {@link UnsoundRequest}. Numbers that no enum has
 * are another matter: members of 3.4 let them into the log, so from there they are read, and mean
 * what those members make of them.
 */
public final class KeyspaceReader {

  /** For what clients send: a number that no sort has and an empty operation are refused. */
  public static final KeyspaceReader OF_CLIENTS = new KeyspaceReader(true);

  /** For what is in the log. */
  static final KeyspaceReader OF_THE_LOG = new KeyspaceReader(false);

  /**
   * How deep transactions may nest. The limit on operations (128) is reached before; without one a
   * message of 1.5 MiB could nest so deep that reading it ends the thread's stack.
   */
  private static final int DEPTH_MAX = 256;

  /** No version is ever this: what compares with it always or never holds. */
  private static final long NO_VERSION = -1;

  private final boolean refuses;

  private KeyspaceReader(boolean refuses) {
    this.refuses = refuses;
  }

  /** A PutRequest. */
  public Put put(ProtoReader in) {
    Bytes key = Bytes.EMPTY;
    Bytes value = Bytes.EMPTY;
    long lease = 0;
    boolean previous = false;
    boolean ignoreValue = false;
    boolean ignoreLease = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> key = in.bytes();
        case 2 -> value = in.bytes();
        case 3 -> lease = in.uint64();
        case 4 -> previous = in.bool();
        case 5 -> ignoreValue = in.bool();
        case 6 -> ignoreLease = in.bool();
        default -> in.skip();
      }
    }
    return new Put(key, value, lease, previous, ignoreValue, ignoreLease);
  }

  /** A DeleteRangeRequest. */
  public DeleteRange deleteRange(ProtoReader in) {
    Bytes key = Bytes.EMPTY;
    Bytes rangeEnd = Bytes.EMPTY;
    boolean previous = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> key = in.bytes();
        case 2 -> rangeEnd = in.bytes();
        case 3 -> previous = in.bool();
        default -> in.skip();
      }
    }
    return new DeleteRange(key, rangeEnd, previous);
  }

  /** A CompactionRequest. */
  public Compact compact(ProtoReader in) {
    long revision = 0;
    boolean physical = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> revision = in.uint64();
        case 2 -> physical = in.bool();
        default -> in.skip();
      }
    }
    return new Compact(revision, physical);
  }

  /** A TxnRequest. */
  public Txn txn(ProtoReader in) {
    return txn(in, 0);
  }

  private Txn txn(ProtoReader in, int depth) {
    if (depth > DEPTH_MAX) {
      throw in.malformed("transactions nested deeper than " + DEPTH_MAX);
    }
    List<Compare> compares = new ArrayList<>();
    List<Operation> success = new ArrayList<>();
    List<Operation> failure = new ArrayList<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> compares.add(compare(in.message("Compare")));
        case 2 -> success.add(operation(in.message("RequestOp"), depth));
        case 3 -> failure.add(operation(in.message("RequestOp"), depth));
        default -> in.skip();
      }
    }
    return new Txn(compares, success, failure);
  }

  private Operation operation(ProtoReader in, int depth) {
    Optional<Operation> operation = Optional.empty();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> operation = Optional.of(range(in.message("RangeRequest")));
        case 2 -> operation = Optional.of(put(in.message("PutRequest")));
        case 3 -> operation = Optional.of(deleteRange(in.message("DeleteRangeRequest")));
        case 4 -> operation = Optional.of(txn(in.message("TxnRequest"), depth + 1));
        default -> in.skip();
      }
    }
    return operation.orElseThrow(
        () ->
            refuses
                ? new UnsoundRequest(Reason.EMPTY_OPERATION)
                : in.malformed("an operation that is none"));
  }

  private Compare compare(ProtoReader in) {
    Bytes key = Bytes.EMPTY;
    Bytes rangeEnd = Bytes.EMPTY;
    int relation = 0;
    int target = 0;
    int given = 0;
    long number = 0;
    Bytes value = Bytes.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> relation = in.enumeration();
        case 2 -> target = in.enumeration();
        case 3 -> key = in.bytes();
        case 7 -> {
          value = in.bytes();
          given = field;
        }
        case 4, 5, 6, 8 -> {
          number = in.uint64();
          given = field;
        }
        case 64 -> rangeEnd = in.bytes();
        default -> in.skip();
      }
    }
    if (!isOneOf(Relation.values().length, relation) || !isOneOf(Target.values().length, target)) {
      return beyondTheEnums(key, rangeEnd, target, relation);
    }
    Target what = Target.values()[target];
    // What is given for another target than the one that is meant does not count.
    boolean fits = given == union(what);
    return new Compare(
        key,
        rangeEnd,
        what,
        Relation.values()[relation],
        fits && what != Target.VALUE ? number : 0,
        fits && what == Target.VALUE ? value : Bytes.EMPTY);
  }

  /** The field of a Compare that holds what to compare with. */
  static int union(Target target) {
    return switch (target) {
      case VERSION -> 4;
      case CREATE_REVISION -> 5;
      case MOD_REVISION -> 6;
      case VALUE -> 7;
      case LEASE -> 8;
    };
  }

  /**
   * A compare with a number that no enum has, which genuine members let in: an unknown relation
   * always holds (of a value: if there is one), and an unknown target is always equal.
   */
  private static Compare beyondTheEnums(Bytes key, Bytes rangeEnd, int target, int relation) {
    boolean known = isOneOf(Relation.values().length, relation);
    Relation holds;
    long number = NO_VERSION;
    if (known) {
      holds = relation == Relation.EQUAL.ordinal() ? Relation.NOT_EQUAL : Relation.EQUAL;
    } else if (target == Target.VALUE.ordinal()) {
      holds = Relation.GREATER;
      number = 0;
    } else {
      holds = Relation.NOT_EQUAL;
    }
    return new Compare(key, rangeEnd, Target.VERSION, holds, number, Bytes.EMPTY);
  }

  private static boolean isOneOf(int count, int number) {
    return number >= 0 && number < count;
  }

  /** A RangeRequest. */
  public RangeQuery range(ProtoReader in) {
    Bytes key = Bytes.EMPTY;
    Bytes rangeEnd = Bytes.EMPTY;
    long limit = 0;
    long revision = 0;
    int order = 0;
    int target = 0;
    boolean serializable = false;
    boolean keysOnly = false;
    boolean countOnly = false;
    long modMin = 0;
    long modMax = 0;
    long createMin = 0;
    long createMax = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> key = in.bytes();
        case 2 -> rangeEnd = in.bytes();
        case 3 -> limit = in.uint64();
        case 4 -> revision = in.uint64();
        case 5 -> order = in.enumeration();
        case 6 -> target = in.enumeration();
        case 7 -> serializable = in.bool();
        case 8 -> keysOnly = in.bool();
        case 9 -> countOnly = in.bool();
        case 10 -> modMin = in.uint64();
        case 11 -> modMax = in.uint64();
        case 12 -> createMin = in.uint64();
        case 13 -> createMax = in.uint64();
        default -> in.skip();
      }
    }
    Bounds bounds =
        (modMin | modMax | createMin | createMax) == 0
            ? Bounds.NONE
            : new Bounds(modMin, modMax, createMin, createMax);
    return new RangeQuery(
        key,
        rangeEnd,
        limit,
        revision,
        sort(key, SortOrder.values(), order),
        sort(key, SortTarget.values(), target),
        serializable,
        keysOnly,
        countOnly,
        bounds);
  }

  /** The first of {@code values} stands for "none": members of 3.4 read unknown ones like that. */
  private <T> T sort(Bytes key, T[] values, int number) {
    if (isOneOf(values.length, number)) {
      return values[number];
    }
    if (refuses) {
      // The key is looked at before the order is.
      throw new UnsoundRequest(key.isEmpty() ? Reason.KEY_NOT_PROVIDED : Reason.INVALID_SORT);
    }
    return values[0];
  }
}
