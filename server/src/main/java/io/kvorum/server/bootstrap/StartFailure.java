// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import java.util.List;

/** A member that can not start, said so that an operator knows what to do. Exit status 1. */
public final class StartFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> hints;

  StartFailure(String message, String... hints) {
    super(message, null, false, false);
    this.hints = List.of(hints);
  }

  /** More lines, in order. */
  List<String> hints() {
    return hints;
  }
}
