// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/**
 * What the watchers of a stream are told, in the order in which it happened.
 *
 * <p>Source: etcd 3.7, docs/compatibility.md.
 */
public sealed interface WatchNotice {

  /** Why a watcher was not made. */
  enum Reason {
    EMPTY_RANGE,
    DUPLICATE_ID,
    COMPACTED,
    TOO_MANY
  }

  /** A watcher is there; it will be told what happens from its start revision on. */
  record Created(long id, long revision) implements WatchNotice {}

  record Refused(Reason reason, long revision) implements WatchNotice {}

  /** As asked: it will not be told anything more. */
  record Cancelled(long id, long revision) implements WatchNotice {}

  /** What it would have to be told is no longer known; it is gone. */
  record Compacted(long id, long compactRevision) implements WatchNotice {}

  record Happened(long id, WatchQuery query, WatchEvents events) implements WatchNotice {}

  /** It has been told everything up to {@code revision}; all watchers have when id is -1. */
  record Progress(long id, long revision) implements WatchNotice {

    /** Stands for all watchers of a stream. */
    public static final long ALL = -1;
  }
}
