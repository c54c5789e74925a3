// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import java.util.Optional;

/**
 * What happened to one node of the v2 tree, as answers and watches report it.
 *
 * @param previous the node before; absent when it did not exist
 * @param refresh whether this was a refresh: kept in the history but never told to watchers
 * @param index the store index (X-Etcd-Index) right after the operation
 */
public record TreeEvent(
    Action action, NodeView node, Optional<NodeView> previous, boolean refresh, long index) {

  /** The {@code action} texts of the v2 API. */
  public enum Action {
    GET("get"),
    SET("set"),
    CREATE("create"),
    UPDATE("update"),
    DELETE("delete"),
    COMPARE_AND_SWAP("compareAndSwap"),
    COMPARE_AND_DELETE("compareAndDelete"),
    EXPIRE("expire");

    private final String text;

    Action(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    /** The action whose text is {@code text}. */
    public static Action of(String text) {
      for (Action action : values()) {
        if (action.text.equals(text)) {
          return action;
        }
      }
      throw new IllegalArgumentException("action \"" + text + "\": expected one of the v2 API");
    }
  }
}
