// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are platform threads.
 *
 * <p>The inbox is a lock-free queue with many writers and one reader. The reader parks only after
 * it has announced that it will, and looks once more: a writer that saw no announcement left its
 * item before that look. A busy worker is therefore never signalled, which keeps the cost of an
 * item at one queue node.
 */
public final class ThreadWorkers implements Workers {

  /** Most items handed over at once, so that one batch's memory and delay stay bounded. */
  private static final int BATCH_ITEMS_MAX = 8192;

  @Override
  public <T> Worker<T> start(
      String name, int itemsMax, Consumer<List<T>> handler, Consumer<Throwable> onFailure) {
    ThreadWorker<T> worker = new ThreadWorker<>(name, itemsMax, handler, onFailure);
    worker.thread.start();
    return worker;
  }

  private static final class ThreadWorker<T> implements Worker<T> {

    private final ConcurrentLinkedQueue<T> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final int itemsMax;
    private final Consumer<List<T>> handler;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean stopping;

    ThreadWorker(
        String name, int itemsMax, Consumer<List<T>> handler, Consumer<Throwable> onFailure) {
      this.itemsMax = itemsMax;
      this.handler = handler;
      this.onFailure = onFailure;
      this.thread = new Thread(this::run, name);
      thread.setDaemon(true);
    }

    @Override
    public boolean offer(T item) {
      if (waiting.get() >= itemsMax || stopping) {
        return false;
      }
      put(item);
      return true;
    }

    @Override
    public void put(T item) {
      waiting.incrementAndGet();
      inbox.add(item);
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void stop() {
      stopping = true;
      LockSupport.unpark(thread);
    }

    @Override
    public void awaitEnd() throws InterruptedException {
      thread.join();
    }

    private void run() {
      List<T> batch = new ArrayList<>();
      List<T> view = Collections.unmodifiableList(batch);
      try {
        while (fill(batch) || awaitItem()) {
          if (!batch.isEmpty()) {
            handler.accept(view);
            batch.clear();
          }
        }
      } catch (Throwable failure) {
        stopping = true;
        onFailure.accept(failure);
      }
    }

    private boolean fill(List<T> batch) {
      @Nullable T item;
      while (batch.size() < BATCH_ITEMS_MAX && (item = inbox.poll()) != null) {
        batch.add(item);
      }
      waiting.addAndGet(-batch.size());
      return !batch.isEmpty();
    }

    /** False when the worker has nothing left to do and was told to stop. */
    private boolean awaitItem() {
      if (stopping) {
        return !inbox.isEmpty();
      }
      parked = true;
      if (inbox.isEmpty() && !stopping) {
        LockSupport.park(this);
      }
      parked = false;
      return true;
    }
  }
}
