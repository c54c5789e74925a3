// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.process;

/** A program could not be started, signalled or awaited. */
public final class ProcessFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProcessFailure(String message) {
    super(message);
  }

  public ProcessFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
