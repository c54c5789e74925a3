// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One key of the v2 tree. Indexes count the writes of all keys, so the model of one key knows only
 * that they grow; {@link IndexOrder} looks at them over all keys.
 *
 * <p>Source of the rules: etcd's v2 API documentation and recordings of 2.3.7. A {@code set} makes
 * a new node; {@code update} and a swap keep when the node was created.
 */
public final class TreeKeyModel implements Model<TreeKeyModel.State, TreeCall, TreeAnswer> {

  /** What is stored; {@code created} and {@code modified} may be open. */
  public record Node(String value, Mark created, Mark modified) {}

  /**
   * A key.
   *
   * @param index the newest that is known to be taken
   */
  public record State(Optional<Node> node, long index) {}

  private final TakenIndexes taken;

  /** A model for a history in which nothing else is known. */
  public TreeKeyModel() {
    this(List.of());
  }

  /** A model for the keys of that history. */
  public TreeKeyModel(List<Operation<TreeCall, TreeAnswer>> history) {
    taken =
        new TakenIndexes(
            history.stream()
                .flatMap(operation -> operation.answer().stream())
                .filter(TreeAnswer.Done.class::isInstance)
                .mapToLong(TreeAnswer::index));
  }

  @Override
  public long rank(TreeAnswer answer) {
    return 2 * answer.index() + (answer instanceof TreeAnswer.Done ? 0 : 1);
  }

  @Override
  public State initial() {
    return new State(Optional.empty(), 0);
  }

  @Override
  public Set<String> keys(TreeCall call) {
    return Set.of(call.key());
  }

  @Override
  public boolean isReadOnly(TreeCall call) {
    return call instanceof TreeCall.Get;
  }

  @Override
  public Set<State> after(State state, TreeCall call, Optional<TreeAnswer> answer) {
    return switch (call) {
      case TreeCall.Get get -> read(state, answer);
      case TreeCall.Set set -> written(state, set.value(), false, answer);
      case TreeCall.Create create ->
          state.node().isPresent()
              ? refused(state, answer, TreeAnswer.Exists.class)
              : written(state, create.value(), false, answer);
      case TreeCall.Update update ->
          state.node().isEmpty()
              ? refused(state, answer, TreeAnswer.Missing.class)
              : written(state, update.value(), true, answer);
      case TreeCall.SwapValue swap -> swapValue(state, swap, answer);
      case TreeCall.SwapIndex swap -> swapIndex(state, swap, answer);
      case TreeCall.Delete delete ->
          state.node().isEmpty()
              ? refused(state, answer, TreeAnswer.Missing.class)
              : removed(state, answer);
      case TreeCall.DeleteValue delete -> deleteValue(state, delete, answer);
    };
  }

  private static Set<State> read(State state, Optional<TreeAnswer> answer) {
    if (answer.isEmpty()) {
      return Set.of(state);
    }
    if (!(answer.get() instanceof TreeAnswer.Found found)) {
      return state.node().isEmpty() ? refused(state, answer, TreeAnswer.Missing.class) : Set.of();
    }
    boolean shown =
        state.node().isPresent()
            && state.node().get().value().equals(found.value())
            && state.node().get().created().fits(found.created())
            && state.node().get().modified().fits(found.modified())
            && found.created() <= found.modified()
            && found.modified() <= found.index()
            && found.index() >= state.index();
    Node exact =
        new Node(found.value(), Mark.exactly(found.created()), Mark.exactly(found.modified()));
    return shown ? Set.of(new State(Optional.of(exact), found.index())) : Set.of();
  }

  private Set<State> swapValue(State state, TreeCall.SwapValue swap, Optional<TreeAnswer> answer) {
    if (state.node().isEmpty()) {
      return refused(state, answer, TreeAnswer.Missing.class);
    }
    return state.node().get().value().equals(swap.from())
        ? written(state, swap.value(), true, answer)
        : refused(state, answer, TreeAnswer.Differs.class);
  }

  private Set<State> deleteValue(
      State state, TreeCall.DeleteValue delete, Optional<TreeAnswer> answer) {
    if (state.node().isEmpty()) {
      return refused(state, answer, TreeAnswer.Missing.class);
    }
    return state.node().get().value().equals(delete.from())
        ? removed(state, answer)
        : refused(state, answer, TreeAnswer.Differs.class);
  }

  /** Where the index is open, the swap may have found the right one, or may not. */
  private Set<State> swapIndex(State state, TreeCall.SwapIndex swap, Optional<TreeAnswer> answer) {
    if (state.node().isEmpty()) {
      return refused(state, answer, TreeAnswer.Missing.class);
    }
    Mark modified = state.node().get().modified();
    Set<State> all = new java.util.HashSet<>();
    if (modified.fits(swap.from())) {
      all.addAll(written(state, swap.value(), true, answer));
    }
    if (!modified.equals(Mark.exactly(swap.from()))) {
      all.addAll(refused(state, answer, TreeAnswer.Differs.class));
    }
    return Set.copyOf(all);
  }

  private Set<State> written(
      State state, String value, boolean keepsCreated, Optional<TreeAnswer> answer) {
    if (answer.isEmpty()) {
      Mark mark = Mark.atLeast(taken.nextFree(state.index()));
      Mark created = keepsCreated ? state.node().orElseThrow().created() : mark;
      return Set.of(new State(Optional.of(new Node(value, created, mark)), mark.at()));
    }
    if (!(answer.get() instanceof TreeAnswer.Done done) || done.index() <= state.index()) {
      return Set.of();
    }
    boolean rightCreated =
        keepsCreated
            ? state.node().orElseThrow().created().fits(done.created())
            : done.created() == done.index();
    Mark modified = Mark.exactly(done.index());
    Node node = new Node(value, Mark.exactly(done.created()), modified);
    return rightCreated ? Set.of(new State(Optional.of(node), done.index())) : Set.of();
  }

  private Set<State> removed(State state, Optional<TreeAnswer> answer) {
    if (answer.isEmpty()) {
      return Set.of(new State(Optional.empty(), taken.nextFree(state.index())));
    }
    boolean right =
        answer.get() instanceof TreeAnswer.Done done
            && done.index() > state.index()
            && state.node().orElseThrow().created().fits(done.created());
    return right ? Set.of(new State(Optional.empty(), answer.get().index())) : Set.of();
  }

  private static Set<State> refused(
      State state, Optional<TreeAnswer> answer, Class<? extends TreeAnswer> expected) {
    if (answer.isEmpty()) {
      return Set.of(state);
    }
    boolean right = expected.isInstance(answer.get()) && answer.get().index() >= state.index();
    return right ? Set.of(new State(state.node(), answer.get().index())) : Set.of();
  }
}
