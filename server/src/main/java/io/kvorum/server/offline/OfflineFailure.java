// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

/** An offline tool can not do what it was asked for; the text says why. */
public final class OfflineFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  OfflineFailure(String text) {
    super(text);
  }

  OfflineFailure(String text, Throwable cause) {
    super(text, cause);
  }
}
