// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

import io.kvorum.base.Bytes;

/** What becomes of a call. On the thread of its loop. */
public interface Exchange {

  /** Whether {@link #message} wants to see them; else messages are only counted. */
  default boolean readsMessages() {
    return true;
  }

  /** The next message of the answer; empty when they are only counted. */
  void message(Bytes message);

  /**
   * The answer is over.
   *
   * @param broken whether the call or the connection was cut; an error of gRPC is an answer without
   *     messages
   */
  void ended(boolean broken);
}
