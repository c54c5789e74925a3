// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What this member's tree was asked for so far. Any thread, without locks. */
public final class TreeStatistics {

  /** The counters of {@code /v2/stats/store} in their order there. */
  public enum Counter {
    GETS_SUCCESS("getsSuccess"),
    GETS_FAIL("getsFail"),
    SETS_SUCCESS("setsSuccess"),
    SETS_FAIL("setsFail"),
    DELETE_SUCCESS("deleteSuccess"),
    DELETE_FAIL("deleteFail"),
    UPDATE_SUCCESS("updateSuccess"),
    UPDATE_FAIL("updateFail"),
    CREATE_SUCCESS("createSuccess"),
    CREATE_FAIL("createFail"),
    COMPARE_AND_SWAP_SUCCESS("compareAndSwapSuccess"),
    COMPARE_AND_SWAP_FAIL("compareAndSwapFail"),
    COMPARE_AND_DELETE_SUCCESS("compareAndDeleteSuccess"),
    COMPARE_AND_DELETE_FAIL("compareAndDeleteFail"),
    EXPIRE_COUNT("expireCount");

    private static final List<Counter> ALL = List.of(values());

    private final String key;

    Counter(String key) {
      this.key = key;
    }

    /** The name in JSON. */
    public String key() {
      return key;
    }

    /** All counters in order. */
    public static List<Counter> all() {
      return ALL;
    }
  }

  private final LongAdder[] adders = new LongAdder[Counter.all().size()];

  TreeStatistics() {
    Arrays.setAll(adders, i -> new LongAdder());
  }

  public long get(Counter counter) {
    return adders[counter.ordinal()].sum();
  }

  void count(Counter counter) {
    adders[counter.ordinal()].increment();
  }

  void add(Counter counter, long count) {
    adders[counter.ordinal()].add(count);
  }

  void reset() {
    for (LongAdder adder : adders) {
      adder.reset();
    }
  }
}
