// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

/** Something happened in a simulated cluster that must never happen. */
final class Violation extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Violation(String message) {
    super(message);
  }

  Violation(String message, Throwable cause) {
    super(message, cause);
  }
}
