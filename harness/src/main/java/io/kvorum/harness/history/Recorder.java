// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Collects the operations of clients that work side by side. Safe for use by several threads. */
public final class Recorder<C, A> {
  private final Queue<Operation<C, A>> operations = new ConcurrentLinkedQueue<>();

  /** One more, in any order. */
  public void add(Operation<C, A> operation) {
    operations.add(operation);
  }

  /** How many there are. */
  public int size() {
    return operations.size();
  }

  /** All so far. */
  public List<Operation<C, A>> history() {
    return List.copyOf(operations);
  }
}
