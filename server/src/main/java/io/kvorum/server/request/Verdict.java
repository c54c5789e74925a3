// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import java.util.concurrent.CompletableFuture;

/** Verdicts that need no thought. */
final class Verdict {
  static final CompletableFuture<Boolean> ALLOWED = CompletableFuture.completedFuture(true);

  private Verdict() {}
}
