// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

/**
 * One thread (or, in a simulation, one actor) with an inbox. Items are handed to its handler in
 * order and in batches: whatever has gathered while the previous batch was handled.
 *
 * <p>All methods may be called from any thread and never block.
 */
public interface Worker<T> {

  /** Hands over an item unless the inbox is at its bound; false means it was not taken. */
  boolean offer(T item);

  /**
   * Hands over an item past the bound: for work that must not be lost and is bounded elsewhere (a
   * report about something the worker itself started).
   */
  void put(T item);

  /** Lets the handler finish what is in the inbox, then ends. Later items are ignored. */
  void stop();

  /** Waits for the end after {@link #stop}; must not be called by the worker itself. */
  void awaitEnd() throws InterruptedException;
}
