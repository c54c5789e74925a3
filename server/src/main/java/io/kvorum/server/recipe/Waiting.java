// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

/** The client of a call that may take long. */
public interface Waiting {

  /** Runs {@code then} on the call's thread once the client does not wait any more. */
  void onGone(Runnable then);
}
