// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

/** A write that another member would not survive; it was not proposed. */
public final class WritesRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WritesRefused(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
