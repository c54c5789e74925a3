// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

/** The server understood the request and refused it; nothing was changed. */
public final class ServerRefusal extends ApiFailure {

  ServerRefusal(String message) {
    super(message);
  }
}
