// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import java.util.Optional;

/**
 * One change of a key of the v3 keyspace, as watchers see it.
 *
 * @param kv of a deletion only the key and the revision of the deletion
 * @param previous the version before, when there was one and it is not compacted
 */
public record KeyEvent(Kind kind, KeyValue kv, Optional<KeyValue> previous) {

  /** The order is the protocol's numbering. */
  public enum Kind {
    PUT,
    DELETE
  }

  public long revision() {
    return kv.modRevision();
  }
}
