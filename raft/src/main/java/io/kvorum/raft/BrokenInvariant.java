// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/** Something that can not be true is. The member stops; going on would risk data. */
public final class BrokenInvariant extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The message carries every number that matters. */
  public BrokenInvariant(String message) {
    super(message);
  }
}
