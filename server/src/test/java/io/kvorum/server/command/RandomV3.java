// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.AuthCommand.Permission;
import io.kvorum.server.command.Compare.Relation;
import io.kvorum.server.command.Compare.Target;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery.Bounds;
import io.kvorum.server.command.RangeQuery.SortOrder;
import io.kvorum.server.command.RangeQuery.SortTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Commands of the v3 API of every kind, with fields set and not set. */
final class RandomV3 {

  private RandomV3() {}

  static V3Command command(Random random, int depth) {
    return switch (random.nextInt(23)) {
      case 0, 1 -> put(random);
      case 2, 3 -> delete(random);
      case 4, 5, 6 -> txn(random, depth);
      case 7 -> new KeyspaceCommand.Compact(number(random), random.nextBoolean());
      case 8 -> new LeaseCommand.Grant(number(random), number(random));
      case 9 -> new LeaseCommand.Revoke(number(random));
      case 10 ->
          new LeaseCommand.Checkpoint(
              list(random, () -> new LeaseCommand.Remaining(number(random), number(random))));
      case 11 ->
          new AlarmCommand(
              any(random, AlarmCommand.Action.values()), number(random), random.nextInt(4));
      case 12 -> new AuthCommand.Authenticate(text(random), text(random));
      case 13 -> new AuthCommand.AddUser(text(random), password(random), random.nextBoolean());
      case 14 -> new AuthCommand.DeleteUser(text(random));
      case 15 -> new AuthCommand.ChangePassword(text(random), password(random));
      case 16 -> new AuthCommand.GrantRole(text(random), text(random));
      case 17 -> new AuthCommand.RevokeRole(text(random), text(random));
      case 18 -> new AuthCommand.AddRole(text(random));
      case 19 -> new AuthCommand.DeleteRole(text(random));
      case 20 ->
          new AuthCommand.GrantPermission(
              text(random), new Permission(random.nextInt(5), bytes(random), bytes(random)));
      case 21 -> new AuthCommand.RevokePermission(text(random), bytes(random), bytes(random));
      default ->
          random.nextBoolean()
              ? new V3Command.SetDowngrade(random.nextBoolean(), text(random))
              : random.nextBoolean() ? new AuthCommand.Enable() : new AuthCommand.Disable();
    };
  }

  private static Put put(Random random) {
    return new Put(
        bytes(random),
        bytes(random),
        number(random),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private static DeleteRange delete(Random random) {
    return new DeleteRange(bytes(random), bytes(random), random.nextBoolean());
  }

  private static Txn txn(Random random, int depth) {
    return new Txn(
        list(random, () -> compare(random)),
        list(random, () -> operation(random, depth)),
        list(random, () -> operation(random, depth)));
  }

  private static Operation operation(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 4 : 3)) {
      case 0 -> put(random);
      case 1 -> delete(random);
      case 2 -> range(random);
      default -> txn(random, depth - 1);
    };
  }

  private static RangeQuery range(Random random) {
    return new RangeQuery(
        bytes(random),
        bytes(random),
        number(random),
        number(random),
        any(random, SortOrder.values()),
        any(random, SortTarget.values()),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        new Bounds(number(random), number(random), number(random), number(random)));
  }

  private static Compare compare(Random random) {
    Target target = any(random, Target.values());
    boolean value = target == Target.VALUE;
    return new Compare(
        bytes(random),
        bytes(random),
        target,
        any(random, Relation.values()),
        value ? 0 : number(random),
        value ? bytes(random) : Bytes.EMPTY);
  }

  private static Password password(Random random) {
    return new Password(text(random), text(random));
  }

  private static <T> List<T> list(Random random, Supplier<T> element) {
    List<T> all = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      all.add(element.get());
    }
    return all;
  }

  private static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** Mostly small, often 0, sometimes negative. */
  private static long number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextLong();
      default -> random.nextInt(300);
    };
  }

  private static String text(Random random) {
    return random.nextInt(4) == 0 ? "" : "ä".repeat(random.nextInt(80));
  }

  private static Bytes bytes(Random random) {
    byte[] some = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(200)];
    random.nextBytes(some);
    return Bytes.wrap(some);
  }
}
