// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Keys of the v3 keyspace that transactions connect. Revisions count the writes of all keys, so of
 * them the model knows only that they grow.
 *
 * <p>A write that was not answered has an open revision ({@link Mark}). A condition on an open
 * revision may hold or not; that it does not hold is not remembered, so of an impossible history
 * that only this would show nothing is said.
 *
 * <p>Source of the rules: etcd's v3 API documentation and recordings of 3.4.
 */
public final class KeyspaceModel
    implements Model<KeyspaceModel.State, Transaction, TransactionAnswer> {

  /** A key that is there. */
  public record Held(String value, Mark created, Mark modified, long version) {

    private boolean fits(TransactionAnswer.Version shown) {
      return value.equals(shown.value())
          && version == shown.version()
          && created.fits(shown.created())
          && modified.fits(shown.modified())
          && shown.created() <= shown.modified();
    }

    private static Held exactly(TransactionAnswer.Version shown) {
      return new Held(
          shown.value(),
          Mark.exactly(shown.created()),
          Mark.exactly(shown.modified()),
          shown.version());
    }
  }

  /**
   * Some keys.
   *
   * @param revision the newest that is known to be taken; a keyspace begins at 1
   */
  public record State(Map<String, Held> keys, long revision) {
    public State {
      keys = Map.copyOf(keys);
    }
  }

  private final TakenIndexes taken;

  /** A model for a history in which nothing else is known. */
  public KeyspaceModel() {
    this(List.of());
  }

  /** A model for the keys of that history. */
  public KeyspaceModel(List<Operation<Transaction, TransactionAnswer>> history) {
    taken =
        new TakenIndexes(
            history.stream()
                .flatMap(operation -> operation.answer().stream())
                .filter(TransactionAnswer::isWrite)
                .mapToLong(TransactionAnswer::revision));
  }

  @Override
  public long rank(TransactionAnswer answer) {
    return 2 * answer.revision() + (answer.isWrite() ? 0 : 1);
  }

  @Override
  public State initial() {
    return new State(Map.of(), 1);
  }

  @Override
  public Set<String> keys(Transaction call) {
    Set<String> keys = new TreeSet<>();
    call.conditions().forEach(condition -> keys.add(condition.key()));
    call.then().forEach(step -> keys.add(step.key()));
    call.otherwise().forEach(step -> keys.add(step.key()));
    return keys;
  }

  @Override
  public boolean isReadOnly(Transaction call) {
    return Stream.concat(call.then().stream(), call.otherwise().stream())
        .allMatch(Transaction.Get.class::isInstance);
  }

  @Override
  public Set<State> after(State state, Transaction call, Optional<TransactionAnswer> answer) {
    Set<State> all = new HashSet<>();
    if (answer.map(TransactionAnswer::succeeded).orElse(true)) {
      holding(state, call.conditions())
          .flatMap(bound -> done(bound, call.then(), answer))
          .ifPresent(all::add);
    }
    if (!answer.map(TransactionAnswer::succeeded).orElse(false)
        && call.conditions().stream().anyMatch(condition -> mayFail(state, condition))) {
      done(state, call.otherwise(), answer).ifPresent(all::add);
    }
    return all;
  }

  /** The state in which all conditions hold, open revisions made known by them. */
  private static Optional<State> holding(State state, List<Transaction.Condition> conditions) {
    Map<String, Held> keys = new HashMap<>(state.keys());
    for (Transaction.Condition condition : conditions) {
      Held held = keys.get(condition.key());
      boolean holds =
          switch (condition) {
            case Transaction.ValueIs is -> held != null && held.value().equals(is.value());
            case Transaction.VersionIs is -> (held == null ? 0 : held.version()) == is.version();
            case Transaction.ModifiedAt at ->
                held == null ? at.revision() == 0 : held.modified().fits(at.revision());
          };
      if (!holds) {
        return Optional.empty();
      }
      if (condition instanceof Transaction.ModifiedAt at && held != null) {
        Mark modified = Mark.exactly(at.revision());
        keys.put(at.key(), new Held(held.value(), held.created(), modified, held.version()));
      }
    }
    return Optional.of(new State(keys, state.revision()));
  }

  private static boolean mayFail(State state, Transaction.Condition condition) {
    Held held = state.keys().get(condition.key());
    return switch (condition) {
      case Transaction.ValueIs is -> held == null || !held.value().equals(is.value());
      case Transaction.VersionIs is -> (held == null ? 0 : held.version()) != is.version();
      case Transaction.ModifiedAt at ->
          held == null ? at.revision() != 0 : !held.modified().equals(Mark.exactly(at.revision()));
    };
  }

  private Optional<State> done(
      State state, List<Transaction.Step> steps, Optional<TransactionAnswer> answer) {
    Branch branch = new Branch(state, answer, taken.nextFree(state.revision()));
    if (answer.isPresent() && answer.get().steps().size() != steps.size()) {
      return Optional.empty();
    }
    for (int i = 0; i < steps.size(); i++) {
      int at = i;
      if (!branch.take(steps.get(i), answer.map(known -> known.steps().get(at)))) {
        return Optional.empty();
      }
    }
    return branch.end();
  }

  /** The steps of one branch, one after the other. */
  private static final class Branch {
    private final Map<String, Held> keys;
    private final List<Mark> shown = new ArrayList<>();
    private final long before;
    private final Optional<Long> answered;
    private final Mark mark;
    private boolean isWrite;

    Branch(State state, Optional<TransactionAnswer> answer, long nextFree) {
      keys = new HashMap<>(state.keys());
      before = state.revision();
      answered = answer.map(TransactionAnswer::revision);
      mark = answered.map(Mark::exactly).orElse(Mark.atLeast(nextFree));
    }

    /** Whether the step may say that. */
    boolean take(Transaction.Step step, Optional<TransactionAnswer.StepAnswer> said) {
      return switch (step) {
        case Transaction.Get get ->
            said.isEmpty()
                || (said.get() instanceof TransactionAnswer.Got got && isThere(get.key(), got));
        case Transaction.Put put -> {
          Held held = keys.get(put.key());
          Mark created = held == null ? mark : held.created();
          long version = held == null ? 1 : held.version() + 1;
          keys.put(put.key(), new Held(put.value(), created, mark, version));
          isWrite = true;
          yield said.isEmpty() || said.get() instanceof TransactionAnswer.Stored;
        }
        case Transaction.Delete delete -> {
          int count = keys.remove(delete.key()) == null ? 0 : 1;
          isWrite |= count > 0;
          yield said.isEmpty()
              || (said.get() instanceof TransactionAnswer.Removed r && r.count() == count);
        }
      };
    }

    private boolean isThere(String key, TransactionAnswer.Got got) {
      Held held = keys.get(key);
      if (held == null || got.version().isEmpty()) {
        return held == null && got.version().isEmpty();
      }
      if (!held.fits(got.version().get())) {
        return false;
      }
      Held exact = Held.exactly(got.version().get());
      shown.add(exact.modified());
      keys.put(key, exact);
      return true;
    }

    Optional<State> end() {
      long revision = answered.orElse(isWrite ? mark.at() : before);
      boolean grows = isWrite ? revision > before : revision >= before;
      boolean covers = shown.stream().allMatch(modified -> modified.at() <= revision);
      return grows && (answered.isEmpty() || covers)
          ? Optional.of(new State(keys, revision))
          : Optional.empty();
    }
  }
}
