// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeCommand.Condition;
import java.util.Random;

/** Commands over so few paths and values that they keep running into each other. */
public final class RandomCommands {

  private static final long NOW = 1_700_000_000_000_000_000L;
  private static final String[] PARTS = {"a", "b", "ab", "a-", "_h", "c"};

  private final Random random;

  public RandomCommands(long seed) {
    random = new Random(seed);
  }

  /** {@code index} is about what the store's index is. */
  public TreeCommand next(long index) {
    Bytes path = path();
    Bytes value = Bytes.utf8("v" + random.nextInt(3));
    Bytes sometimes = random.nextInt(3) == 0 ? Bytes.EMPTY : value;
    boolean flag = random.nextInt(4) == 0;
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> new TreeCommand.Set(path, flag, value, deadline(), random.nextInt(6) == 0);
      case 3 -> new TreeCommand.Create(path, flag, value, deadline());
      case 4 -> new TreeCommand.CreateInOrder(path, flag, value, deadline());
      case 5 -> new TreeCommand.Update(path, sometimes, deadline(), flag);
      case 6 -> new TreeCommand.CompareAndSwap(path, value, condition(index), deadline(), flag);
      case 7 -> new TreeCommand.Delete(path, random.nextBoolean(), flag);
      case 8 -> new TreeCommand.CompareAndDelete(path, condition(index));
      case 9 ->
          random.nextInt(4) == 0
              ? new TreeCommand.Expire(NOW + random.nextInt(40))
              : new TreeCommand.Set(path, false, value, deadline(), false);
      default -> new TreeCommand.Read(path, random.nextBoolean(), random.nextBoolean());
    };
  }

  /** Mostly below /1, rarely a root. */
  public Bytes path() {
    StringBuilder path = new StringBuilder(random.nextInt(10) == 0 ? "/0" : "/1");
    int parts = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(3);
    for (int i = 0; i < parts; i++) {
      path.append('/').append(PARTS[random.nextInt(PARTS.length)]);
    }
    return Bytes.utf8(random.nextInt(60) == 0 ? "/" : path.toString());
  }

  private long deadline() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> NOW + random.nextInt(50);
      case 2 -> random.nextInt(5) == 0 ? 5 : 0;
      default -> 0;
    };
  }

  private Condition condition(long index) {
    Bytes value = random.nextBoolean() ? Bytes.utf8("v" + random.nextInt(3)) : Bytes.EMPTY;
    long at = random.nextInt(3) == 0 ? Math.max(1, index - random.nextInt(8)) : 0;
    return new Condition(value, value.isEmpty() && at == 0 ? 1 : at);
  }
}
