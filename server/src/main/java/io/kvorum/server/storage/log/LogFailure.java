// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

/**
 * The disk did not do what the log asked. What was written since the last successful sync may or
 * may not be there after a restart. The log refuses everything from then on: after a failed sync
 * the system may drop the unwritten pages and report success the next time, so trying again would
 * acknowledge what is lost.
 */
public final class LogFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LogFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
