// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

/**
 * The disk did not do what a snapshot needed. Nothing refers to a snapshot that failed to be
 * written; it may be tried again under a new position.
 */
public final class SnapshotFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SnapshotFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
