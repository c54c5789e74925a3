// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthEndpointTest extends PortTest {

  @Test
  void nothingOfItWorksBeforeTheClusterVersionIsKnown() {
    port.clusterVersion = Optional.empty();
    for (var target : List.of("/v2/auth/users", "/v2/auth/roles/a/b", "/v2/auth/enable")) {
      var reply = port.call("POST", target);
      assertEquals(500, reply.status(), target);
      assertEquals(
          "{\"message\":\"Not capable of accessing auth feature during rolling upgrades.\"}",
          reply.body(),
          target);
    }
  }

  @Test
  void thePathIsCheckedBeforeTheMethod() {
    assertEquals(400, port.call("POST", "/v2/auth/users/a/b").status());
    assertEquals(405, port.call("POST", "/v2/auth/users/a").status());
    assertEquals(405, port.call("PUT", "/v2/auth/roles").status());
    assertEquals(404, port.call("GET", "/v2/auth/nope").status());
  }

  @Test
  void aTrailingSlashMeansTheList() {
    assertEquals("{\"users\":null}\n", port.get("/v2/auth/users/").body());
    assertEquals("{\"enabled\":false}\n", port.get("/v2/auth/enable").body());
  }
}
