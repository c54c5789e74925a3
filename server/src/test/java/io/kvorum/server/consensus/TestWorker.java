// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.env.Worker;
import java.util.ArrayList;
import java.util.List;

/** An inbox that a test looks into. */
final class TestWorker<T> implements Worker<T> {

  final List<T> items = new ArrayList<>();
  private final int itemsMax;

  TestWorker(int itemsMax) {
    this.itemsMax = itemsMax;
  }

  @Override
  public boolean offer(T item) {
    return items.size() < itemsMax && items.add(item);
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
