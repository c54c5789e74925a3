// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Tree.Code;
import io.kvorum.server.command.TreeCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** What this member's tree was asked for so far. Any thread, without locks. */
public final class TreeStatistics {

  /** The counters of {@code /v2/stats/store} in their order there, which records rely on. */
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

  /**
   * Counts one command as 2.3.7 does, slips included: some refusals count as successes there, and a
   * create below a file counts as a failed set besides.
   */
  void count(TreeCommand command, Outcome outcome) {
    Optional<Code> refusal =
        outcome instanceof Outcome.Refused(Refusal.Tree(Code code, Bytes cause, long index))
            ? Optional.of(code)
            : Optional.empty();
    boolean failed = refusal.isPresent() && !countsAsSuccess(command, refusal.get());
    switch (command) {
      case TreeCommand.Set c -> count(failed ? Counter.SETS_FAIL : Counter.SETS_SUCCESS);
      case TreeCommand.Create c -> countCreate(refusal);
      case TreeCommand.CreateInOrder c -> countCreate(refusal);
      case TreeCommand.Update c -> count(failed ? Counter.UPDATE_FAIL : Counter.UPDATE_SUCCESS);
      case TreeCommand.CompareAndSwap c ->
          count(failed ? Counter.COMPARE_AND_SWAP_FAIL : Counter.COMPARE_AND_SWAP_SUCCESS);
      case TreeCommand.Delete c -> count(failed ? Counter.DELETE_FAIL : Counter.DELETE_SUCCESS);
      case TreeCommand.CompareAndDelete c ->
          count(failed ? Counter.COMPARE_AND_DELETE_FAIL : Counter.COMPARE_AND_DELETE_SUCCESS);
      case TreeCommand.Expire c -> {} // each node is counted where it goes
      case TreeCommand.Read c -> count(failed ? Counter.GETS_FAIL : Counter.GETS_SUCCESS);
    }
  }

  private void countCreate(Optional<Code> refusal) {
    count(refusal.isPresent() ? Counter.CREATE_FAIL : Counter.CREATE_SUCCESS);
    if (refusal.equals(Optional.of(Code.NOT_A_DIRECTORY))) {
      count(Counter.SETS_FAIL);
    }
  }

  private static boolean countsAsSuccess(TreeCommand command, Code refusal) {
    return switch (command) {
      case TreeCommand.Update c -> refusal == Code.ROOT_READ_ONLY || refusal == Code.NOT_A_FILE;
      case TreeCommand.CompareAndSwap c -> refusal == Code.ROOT_READ_ONLY;
      case TreeCommand.Delete c -> refusal == Code.ROOT_READ_ONLY;
      case TreeCommand.CompareAndDelete c ->
          refusal == Code.NOT_A_FILE || refusal == Code.COMPARE_FAILED;
      case TreeCommand.Set c -> false;
      case TreeCommand.Create c -> false;
      case TreeCommand.CreateInOrder c -> false;
      case TreeCommand.Expire c -> false;
      case TreeCommand.Read c -> false;
    };
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
