// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

/** A database file is damaged, or is not what it should be; nothing was taken from it. */
public final class UnusableDatabase extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnusableDatabase(String message, Throwable cause) {
    super(message, cause);
  }
}
