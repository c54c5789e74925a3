// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Workers that work when the test says so: all that has gathered is one batch. */
public final class HandWorkers implements Workers {

  private final Map<String, Hand<?>> hands = new LinkedHashMap<>();

  @Override
  public <T> Worker<T> start(
      String name, int itemsMax, Consumer<List<T>> handler, Consumer<Throwable> onFailure) {
    Hand<T> hand = new Hand<>(handler);
    hands.put(name, hand);
    return hand;
  }

  /** Has each worker handle what it was given, in the order they were started. */
  public void work() {
    hands.values().forEach(Hand::work);
  }

  private static final class Hand<T> implements Worker<T> {
    private final Consumer<List<T>> handler;
    private final List<T> items = new ArrayList<>();

    Hand(Consumer<List<T>> handler) {
      this.handler = handler;
    }

    void work() {
      List<T> batch = List.copyOf(items);
      items.clear();
      if (!batch.isEmpty()) {
        handler.accept(batch);
      }
    }

    @Override
    public boolean offer(T item) {
      return items.add(item);
    }

    @Override
    public void put(T item) {
      items.add(item);
    }

    @Override
    public void stop() {}

    @Override
    public void awaitEnd() {}
  }
}
