// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.server.auth.AuthStore;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.request.V2Door;
import io.kvorum.server.storage.engine.Batch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every route of the port that is not v3's, without any credentials, with each method. */
class V2DoorTest {

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH");

  /** What changes something, or tells of users. */
  private static final Set<String> GUARDED =
      Set.of(
          "PUT /v2/keys",
          "POST /v2/keys",
          "DELETE /v2/keys",
          "PUT /v2/keys/",
          "POST /v2/keys/",
          "DELETE /v2/keys/",
          "PUT /v2/members",
          "POST /v2/members",
          "DELETE /v2/members",
          "PUT /v2/members/",
          "POST /v2/members/",
          "DELETE /v2/members/",
          "PUT /config/local/log");

  private static void enable(TestPort port) {
    for (AuthCommand command :
        List.of(
            new AuthCommand.AddUser("root", Password.NONE, true),
            new AuthCommand.GrantRole("root", "root"),
            new AuthCommand.Enable())) {
      port.v3.apply(command, new AuthStore.Context("root", 1, 1, true), new Batch());
    }
    port.v3.publish();
  }

  private static HttpReply send(TestPort port, String method, String path) throws IOException {
    return HttpStream.exchange(
        port.address, new HttpCall(method, path, List.of(), Optional.empty()), TestPort.PATIENCE);
  }

  /** Every pair of a method and a route that answered 401. */
  private static Set<String> refused(TestPort port) throws IOException {
    Set<String> refused = new TreeSet<>();
    for (String path : port.api.paths()) {
      for (String method : METHODS) {
        HttpReply reply = send(port, method, path);
        if (reply.status() == 401) {
          refused.add(method + " " + path);
          assertTrue(
              method.equals("HEAD") || reply.body().contains(V2Door.SHUT), () -> reply.toString());
        }
      }
    }
    return refused;
  }

  @Test
  void whatChangesSomethingIsShutWhileAuthenticationIsOnInV3Only() throws IOException {
    try (TestPort port = new TestPort()) {
      assertEquals(Set.of(), refused(port), "nothing is shut while it is off");
      enable(port);
      Set<String> expected = new TreeSet<>(GUARDED);
      for (String path : port.api.paths()) {
        if (path.startsWith("/v2/auth")) {
          METHODS.forEach(method -> expected.add(method + " " + path));
        }
      }
      port.proposed.clear();
      assertEquals(expected, refused(port));
      assertEquals(List.of(), port.proposed, "nothing got through");
    }
  }

  @Test
  void theTextNamesBothSwitches() {
    assertTrue(V2Door.SHUT.contains("--enable-v2=false"));
    assertTrue(V2Door.SHUT.contains("--v2-anonymous=true"));
  }

  @Test
  void theSwitchLeavesItOpen() throws IOException {
    try (TestPort port = new TestPort(false, List.of(), true, true)) {
      enable(port);
      assertEquals(Set.of(), refused(port));
    }
  }

  @Test
  void withoutTheV2ApiThereIsNoneOfIt() throws IOException {
    try (TestPort port = new TestPort(false, List.of(), false, false)) {
      for (String path : List.of("/v2/keys/a", "/v2/members", "/v2/machines", "/v2/stats/self")) {
        assertEquals(404, send(port, "GET", path).status(), path);
      }
      assertNotEquals(404, send(port, "GET", "/version").status());
      assertNotEquals(404, send(port, "GET", "/health").status());
    }
  }
}
