// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

/** What the v2 API said about one key. */
public sealed interface TreeAnswer {

  /** The index of the store when the answer was made: that of a write itself. */
  long index();

  /**
   * What a read found.
   *
   * @param index the header {@code X-Etcd-Index}
   */
  record Found(String value, long created, long modified, long index) implements TreeAnswer {}

  /** Error 100: nothing is there. */
  record Missing(long index) implements TreeAnswer {}

  /** Error 105: there is something. */
  record Exists(long index) implements TreeAnswer {}

  /** Error 101: the value, or the index, is another one. */
  record Differs(long index) implements TreeAnswer {}

  /**
   * Done.
   *
   * @param created of the new node; of a deletion, that of the removed one
   * @param index at which it was written
   */
  record Done(long created, long index) implements TreeAnswer {}
}
