// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.util.List;
import java.util.function.Consumer;

/** Where workers come from: threads in a real member, actors on virtual time in a simulation. */
public interface Workers {

  /**
   * Starts a worker.
   *
   * @param name of the thread, for people
   * @param itemsMax the inbox's bound for {@link Worker#offer}
   * @param handler gets each batch, never empty, valid only during the call
   * @param onFailure gets what the handler threw; the worker has ended then
   */
  <T> Worker<T> start(
      String name, int itemsMax, Consumer<List<T>> handler, Consumer<Throwable> onFailure);
}
