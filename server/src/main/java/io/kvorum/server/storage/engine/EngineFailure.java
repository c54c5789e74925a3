// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

/**
 * The storage did not do its work: an unreadable file, a failed sync, a full disk. The write it
 * came from may or may not be visible or durable; trying again is not safe, the member must stop
 * and start again from its log.
 */
public final class EngineFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EngineFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
