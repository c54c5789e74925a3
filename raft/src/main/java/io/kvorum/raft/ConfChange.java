// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;

/**
 * One step of membership.
 *
 * @param id the request id, 0 in bootstrap entries
 * @param nodeId whom it is about; 0 turns the change into a no-op (a refused change)
 * @param context opaque to the core: the member's JSON
 */
public record ConfChange(long id, Type type, long nodeId, Bytes context) {

  /** The ordinal is the number on the wire. */
  public enum Type {
    ADD_NODE,
    REMOVE_NODE,
    UPDATE_NODE,
    ADD_LEARNER
  }
}
