// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

/** The members of the cluster publish no client address. */
public final class NoEndpoints extends ApiFailure {

  NoEndpoints() {
    super("client: no endpoints available");
  }
}
