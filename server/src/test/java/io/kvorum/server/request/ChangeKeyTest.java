// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeCommand.Condition;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.Proposals.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which operation a change is (recorded behaviour of etcd 2.3.7). */
class ChangeKeyTest {
  private static final long NOW = 1_000_000_000_000_000_000L;
  private static final Bytes KEY = Bytes.utf8("/1/k");
  private static final Bytes VALUE = Bytes.utf8("v");
  private static final Condition NONE = new Condition(Bytes.EMPTY, 0);
  private static final Condition INDEX = new Condition(Bytes.EMPTY, 7);
  private static final Condition BEFORE = new Condition(Bytes.utf8("p"), 0);
  private static final Caller CALLER = new Caller("127.0.0.1", Optional.empty());

  private final List<Command> proposed = new ArrayList<>();

  private ChangeKey changeKey(Authorisation authorisation) {
    return new ChangeKey(
        authorisation,
        command -> {
          proposed.add(command);
          return new CompletableFuture<Applied>();
        },
        new NoFacts(),
        new FixedClock());
  }

  private TreeCommand command(KeyChange change) {
    proposed.clear();
    var answer = changeKey(Authorisation.OFF).change(CALLER, KeyName.of(Bytes.utf8("/k")), change);
    assertTrue(!answer.isDone());
    return assertInstanceOf(TreeCommand.class, proposed.get(0));
  }

  private static KeyChange put(Optional<Boolean> mustExist, Condition condition) {
    return new KeyChange.Put(VALUE, false, Optional.empty(), mustExist, condition, false);
  }

  private static KeyChange put(TimeToLive timeToLive, boolean refresh) {
    return new KeyChange.Put(VALUE, true, Optional.of(timeToLive), Optional.empty(), NONE, refresh);
  }

  @Test
  void aPutIsChosenByItsConditions() {
    var unset = Optional.<Boolean>empty();
    var yes = Optional.of(true);
    var no = Optional.of(false);
    assertEquals(new TreeCommand.Set(KEY, false, VALUE, 0, false), command(put(unset, NONE)));
    assertEquals(new TreeCommand.Update(KEY, VALUE, 0, false), command(put(yes, NONE)));
    for (var condition : List.of(INDEX, BEFORE)) {
      var swap = new TreeCommand.CompareAndSwap(KEY, VALUE, condition, 0, false);
      assertEquals(swap, command(put(unset, condition)));
      assertEquals(swap, command(put(yes, condition)));
    }
    for (var ignored : List.of(NONE, INDEX, BEFORE)) {
      assertEquals(new TreeCommand.Create(KEY, false, VALUE, 0), command(put(no, ignored)));
    }
  }

  @Test
  void aDeletionWithAConditionComparesAndForgetsTheRest() {
    assertEquals(
        new TreeCommand.Delete(KEY, true, false), command(new KeyChange.Remove(true, false, NONE)));
    assertEquals(
        new TreeCommand.CompareAndDelete(KEY, INDEX),
        command(new KeyChange.Remove(true, true, INDEX)));
  }

  @Test
  void aPostCreatesInOrder() {
    assertEquals(
        new TreeCommand.CreateInOrder(KEY, true, VALUE, 0),
        command(new KeyChange.Post(VALUE, true, Optional.empty())));
  }

  @Test
  void aTimeToLiveBecomesADeadlineHere() {
    assertEquals(deadline(NOW + 5_000_000_000L), command(put(new TimeToLive(5), true)));
    assertEquals(deadline(NOW), command(put(new TimeToLive(0), true)));
  }

  @Test
  void anEnormousTimeToLiveOverflows() {
    // The sum passes the end of the range: a moment long ago, which the tree takes for none.
    assertEquals(
        deadline(-8_223_372_037_709_551_616L), command(put(new TimeToLive(9_223_372_036L), true)));
    assertEquals(deadline(NOW - 1_000_000_000L), command(put(new TimeToLive(-1), true)));
  }

  private static TreeCommand deadline(long deadline) {
    return new TreeCommand.Set(KEY, true, VALUE, deadline, true);
  }

  @Test
  void whoMayNotIsDenied() {
    var access = new ArrayList<Access>();
    var answer =
        changeKey(
                (caller, asked) -> {
                  access.add(asked);
                  return CompletableFuture.completedFuture(false);
                })
            .change(CALLER, KeyName.of(Bytes.utf8("/k/")), put(Optional.empty(), NONE));
    assertEquals(new Answer.Denied<KeyResult>(), answer.join());
    assertEquals(List.of(new Access.WriteKey(Bytes.utf8("/k/"), false)), access);
    assertEquals(List.of(), proposed);
  }

  private static final class FixedClock implements Clock {
    @Override
    public long unixNanos() {
      return NOW;
    }

    @Override
    public long monotonicNanos() {
      return NOW;
    }
  }

  private static final class NoFacts implements ConsensusFacts {
    @Override
    public MemberId leader() {
      return MemberId.NONE;
    }

    @Override
    public Role role() {
      return Role.FOLLOWER;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public long appliedIndex() {
      return 1;
    }

    @Override
    public long committedIndex() {
      return 1;
    }
  }
}
