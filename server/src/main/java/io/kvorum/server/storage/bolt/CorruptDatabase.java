// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

/** A database file contradicts its own format. The message says where, and what was expected. */
public final class CorruptDatabase extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CorruptDatabase(String message) {
    super(message);
  }
}
