// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/**
 * The log holds a command of the v3 API that this version can not carry out. The member must stop
 * before it: passing over it would make its data differ from the cluster's.
 */
public final class V3NotSupported extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long logIndex;

  public V3NotSupported(long logIndex) {
    super("log entry " + Long.toUnsignedString(logIndex) + ": v3 data not supported yet");
    this.logIndex = logIndex;
  }

  public long logIndex() {
    return logIndex;
  }
}
