// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.gateway;

import java.util.List;

/** The paths below {@code /v3/}, for tests that walk over all of them. */
public final class GatewayPaths {

  private GatewayPaths() {}

  public static List<String> all() {
    return RouteTable.routes().stream().map(Route::path).toList();
  }
}
