// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;

/**
 * What a client wants to watch, with the fields of etcd's WatchCreateRequest.
 *
 * @param key the key, or the first one of a range; never empty
 * @param rangeEnd as in {@link KeyspaceCommand#range}
 * @param startRevision the first revision of interest; 0 for the next one
 * @param progressNotify whether to be told from time to time that nothing happened
 * @param noPut whether puts are of no interest
 * @param noDelete whether deletions are of no interest
 * @param previous whether events tell the version before
 * @param id the number it is to have in its stream; 0 for the next free one
 * @param fragment whether long messages may be told in pieces
 */
public record WatchQuery(
    Bytes key,
    Bytes rangeEnd,
    long startRevision,
    boolean progressNotify,
    boolean noPut,
    boolean noDelete,
    boolean previous,
    long id,
    boolean fragment) {

  /** Everything that happens to the keys meant, from {@code startRevision} on. */
  public static WatchQuery of(Bytes key, Bytes rangeEnd, long startRevision) {
    return new WatchQuery(key, rangeEnd, startRevision, false, false, false, false, 0, false);
  }

  /** The keys meant. */
  public KeyRange range() {
    return KeyspaceCommand.range(key, rangeEnd);
  }

  /** Whether events of this kind are of interest. */
  public boolean wants(KeyEvent.Kind kind) {
    return switch (kind) {
      case PUT -> !noPut;
      case DELETE -> !noDelete;
    };
  }
}
