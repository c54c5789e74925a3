// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

/** The time for one call over all endpoints is over. */
public final class CallTimedOut extends ApiFailure {

  CallTimedOut() {
    super("context deadline exceeded");
  }
}
