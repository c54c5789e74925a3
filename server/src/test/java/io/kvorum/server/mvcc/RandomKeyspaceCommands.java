// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.RangeQuery.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Commands over so few keys, values and leases that they keep running into each other. */
public final class RandomKeyspaceCommands {

  private static final byte[][] KEYS = {
    {'a'},
    {'a', 0},
    {'a', 0, 0},
    {'a', 0, 1},
    {'a', 0, -1},
    {'a', 1},
    {'a', 'b'},
    {'a', -1},
    {'b'},
    {0},
    {0, 0},
    {0, 1},
    {-1},
    {-1, -1},
    {'c'},
    {'c', 'c'},
    {'d'},
    {'e'}
  };

  private final Random random;

  public RandomKeyspaceCommands(long seed) {
    random = new Random(seed);
  }

  /** Two of the three leases that commands name. */
  public static boolean exists(long lease) {
    return lease == 1 || lease == -2;
  }

  /** {@code revision} is about what the keyspace's is. */
  public KeyspaceCommand next(long revision) {
    return switch (random.nextInt(40)) {
      case 0 -> new Compact(revision - random.nextInt(40), random.nextBoolean());
      case 1 -> new Compact(near(revision), false);
      case 2, 3, 4, 5, 6, 7, 8, 9 -> txn(revision, 0);
      case 10, 11, 12, 13, 14, 15 -> delete();
      default -> put();
    };
  }

  public long lease() {
    return random.nextInt(3) == 0 ? random.nextInt(3) == 0 ? 77 : 1 : random.nextBoolean() ? -2 : 0;
  }

  private Put put() {
    boolean ignoreValue = random.nextInt(8) == 0;
    boolean ignoreLease = random.nextInt(8) == 0;
    return new Put(
        key(),
        ignoreValue ? Bytes.EMPTY : value(),
        ignoreLease || random.nextInt(3) > 0 ? 0 : lease(),
        random.nextBoolean(),
        ignoreValue,
        ignoreLease);
  }

  private DeleteRange delete() {
    return new DeleteRange(key(), rangeEnd(), random.nextBoolean());
  }

  private Txn txn(long revision, int depth) {
    List<Compare> compares = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      compares.add(compare(revision));
    }
    return new Txn(compares, operations(revision, depth), operations(revision, depth));
  }

  private List<Operation> operations(long revision, int depth) {
    List<Operation> operations = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      operations.add(
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> put();
            case 3 -> delete();
            case 4 -> depth < 2 ? txn(revision, depth + 1) : put();
            default -> random.nextInt(3) == 0 ? query(revision) : query(revision).at(0);
          });
    }
    return operations;
  }

  private Compare compare(long revision) {
    Compare.Target target = pick(Compare.Target.values());
    long number =
        switch (target) {
          case VERSION -> random.nextInt(4);
          case LEASE -> lease();
          default -> random.nextInt(3) == 0 ? 0 : near(revision);
        };
    return new Compare(
        key(),
        random.nextInt(3) == 0 ? rangeEnd() : Bytes.EMPTY,
        target,
        pick(Compare.Relation.values()),
        number,
        value());
  }

  RangeQuery query(long revision) {
    return new RangeQuery(
        key(),
        rangeEnd(),
        random.nextInt(5) - 1,
        random.nextBoolean() ? 0 : near(revision),
        random.nextBoolean() ? RangeQuery.SortOrder.NONE : pick(RangeQuery.SortOrder.values()),
        random.nextBoolean() ? RangeQuery.SortTarget.KEY : pick(RangeQuery.SortTarget.values()),
        false,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0
            ? new Bounds(bound(revision), bound(revision), bound(revision), bound(revision))
            : Bounds.NONE);
  }

  private long bound(long revision) {
    return random.nextInt(3) == 0 ? near(revision) : 0;
  }

  /** Mostly shortly before, sometimes after. */
  long near(long revision) {
    return revision + 2 - random.nextInt(60);
  }

  private Bytes key() {
    return Bytes.wrap(pick(KEYS));
  }

  private Bytes rangeEnd() {
    return switch (random.nextInt(4)) {
      case 0, 1 -> Bytes.EMPTY;
      case 2 -> Bytes.wrap(new byte[1]);
      default -> key();
    };
  }

  private Bytes value() {
    return Bytes.utf8("v".repeat(random.nextInt(3)) + random.nextInt(3));
  }

  private <T> T pick(T[] from) {
    return from[random.nextInt(from.length)];
  }
}
