// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Histories that are right by construction: each call takes effect on a plain store at one moment
 * between its ends. Some answers get lost, and then the call takes effect late, or never.
 */
final class Histories {
  private static final long NEVER = Long.MAX_VALUE;

  private record Moment<C>(int client, C call, long begun, long effect, long ended) {}

  private Histories() {}

  /**
   * @param clients that work side by side
   * @param lostOf100 calls whose answer gets lost
   */
  static <C, A> List<Operation<C, A>> make(
      Random random,
      int clients,
      int calls,
      int lostOf100,
      Function<Random, C> draw,
      Function<C, A> store) {
    List<Moment<C>> moments = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      long now = random.nextInt(10);
      for (int i = client; i < calls; i += clients) {
        boolean lost = random.nextInt(100) < lostOf100;
        long effect = now + random.nextInt(lost ? 300 : 20);
        boolean never = lost && random.nextBoolean();
        long ended = lost ? NEVER : effect + random.nextInt(20);
        moments.add(new Moment<>(client, draw.apply(random), now, never ? NEVER : effect, ended));
        now = (lost ? now + 30 : ended) + random.nextInt(10);
      }
    }
    moments.sort(Comparator.comparingLong(Moment::effect));
    List<Operation<C, A>> history = new ArrayList<>();
    for (Moment<C> moment : moments) {
      if (moment.ended() == NEVER) {
        if (moment.effect() != NEVER) {
          var unseen = store.apply(moment.call());
        }
        history.add(Operation.unknown(moment.client(), moment.call(), moment.begun()));
      } else {
        A answer = store.apply(moment.call());
        history.add(
            Operation.answered(
                moment.client(), moment.call(), moment.begun(), answer, moment.ended()));
      }
    }
    return history;
  }

  /** Any request about one of so many keys; of values there are few, so that swaps succeed. */
  static Function<Random, TreeCall> treeCalls(int keys, int values) {
    return random -> {
      String key = "k" + random.nextInt(keys);
      String value = "v" + random.nextInt(values);
      String from = "v" + random.nextInt(values);
      return switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> new TreeCall.Get(key);
        case 4, 5 -> new TreeCall.Set(key, value);
        case 6 -> new TreeCall.Create(key, value);
        case 7 -> new TreeCall.Update(key, value);
        case 8 -> new TreeCall.SwapValue(key, from, value);
        case 9 -> new TreeCall.SwapIndex(key, 4 + random.nextInt(8), value);
        case 10 -> new TreeCall.Delete(key);
        default -> new TreeCall.DeleteValue(key, from);
      };
    };
  }

  /** Any transaction on some keys, of which the first is always one. */
  static Function<Random, Transaction> transactions(int keys, int values) {
    return random -> {
      List<Transaction.Condition> conditions = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        String key = "k" + random.nextInt(keys);
        conditions.add(
            switch (random.nextInt(3)) {
              case 0 -> new Transaction.ValueIs(key, "v" + random.nextInt(values));
              case 1 -> new Transaction.VersionIs(key, random.nextInt(3));
              default -> new Transaction.ModifiedAt(key, random.nextInt(8));
            });
      }
      return new Transaction(conditions, steps(random, keys, values), steps(random, keys, values));
    };
  }

  private static List<Transaction.Step> steps(Random random, int keys, int values) {
    List<Transaction.Step> steps = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      String key = "k" + i;
      switch (random.nextInt(i == 0 ? 4 : 5)) {
        case 0, 1 -> steps.add(new Transaction.Get(key));
        case 2 -> steps.add(new Transaction.Put(key, "v" + random.nextInt(values)));
        case 3 -> steps.add(new Transaction.Delete(key));
        default -> {}
      }
    }
    return steps;
  }

  /** The same history but for one answer, changed. */
  static <C, A> List<Operation<C, A>> withAnswer(
      List<Operation<C, A>> history, int at, UnaryOperator<A> change) {
    List<Operation<C, A>> changed = new ArrayList<>(history);
    Operation<C, A> old = history.get(at);
    old.outcome()
        .ifPresent(
            known ->
                changed.set(
                    at,
                    Operation.answered(
                        old.client(),
                        old.call(),
                        old.begun(),
                        change.apply(known.answer()),
                        known.ended())));
    return changed;
  }
}
