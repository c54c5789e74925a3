// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.tree.TreeStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The whole way over a real tree; passwords are checked when the test says so. */
class UserAuthorisationTest {
  private static final Caller NOBODY = new Caller("", Optional.empty());
  private static final Caller ROOT = caller("root:rootpw");

  private final MemoryEngine engine = new MemoryEngine(List.of(TreeStore.TABLE));
  private final TreeStore tree = TreeStore.open(engine);
  private final ArrayDeque<Runnable> checks = new ArrayDeque<>();
  private final Passwords passwords = new Passwords(new Later(), failure -> {});
  private final Authorisation authorisation = new UserAuthorisation(tree::view, passwords);
  private final AuthWriter writer = new AuthWriter(this::propose);
  private final ManageUsers users =
      new ManageUsers(authorisation, tree::view, this::barrier, writer, passwords);
  private final ManageRoles roles =
      new ManageRoles(authorisation, tree::view, this::barrier, writer);
  private final SwitchAuth enable =
      new SwitchAuth(authorisation, tree::view, this::barrier, writer);

  /** Keeps what a thread would do until it is asked for. */
  private final class Later implements Workers {
    @Override
    public <T> Worker<T> start(
        String name, int itemsMax, Consumer<List<T>> handler, Consumer<Throwable> onFailure) {
      return new Worker<>() {
        @Override
        public boolean offer(T item) {
          put(item);
          return true;
        }

        @Override
        public void put(T item) {
          checks.add(() -> handler.accept(List.of(item)));
        }

        @Override
        public void stop() {}

        @Override
        public void awaitEnd() {}
      };
    }
  }

  private static Caller caller(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return new Caller("", Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes)));
  }

  private CompletableFuture<Applied> propose(Command command) {
    var batch = new Batch();
    var outcome = tree.apply((TreeCommand) command, batch);
    engine.write(batch);
    tree.publish();
    return CompletableFuture.completedFuture(new Applied(outcome, 1, 1));
  }

  private CompletableFuture<Void> barrier() {
    return CompletableFuture.completedFuture(null);
  }

  private <T> T end(CompletableFuture<T> future) {
    while (!future.isDone()) {
      checks.remove().run();
    }
    return future.join();
  }

  private void user(String name, String body) {
    assertInstanceOf(Answer.Done.class, end(users.put(ROOT, name, Bytes.utf8(body))));
  }

  private void role(String name, String body) {
    assertInstanceOf(Answer.Done.class, end(roles.put(ROOT, name, Bytes.utf8(body))));
  }

  private boolean reads(Caller caller, String key) {
    return end(authorisation.permits(caller, new Access.ReadKey(Bytes.utf8(key), false)));
  }

  private boolean writes(Caller caller, String key, boolean recursive) {
    return end(authorisation.permits(caller, new Access.WriteKey(Bytes.utf8(key), recursive)));
  }

  private void turnOn() {
    user("root", "{\"user\":\"root\",\"password\":\"rootpw\"}");
    user("al", "{\"user\":\"al\",\"password\":\"apw\",\"roles\":[\"none\",\"r\"]}");
    role("r", "{\"role\":\"r\",\"permissions\":{\"kv\":{\"read\":[\"/a/*\"],\"write\":[\"/b\"]}}}");
    assertInstanceOf(Answer.Done.class, end(enable.turnOn(NOBODY)));
  }

  @Test
  void theFirstWriteMakesFourNodesAndNoLaterOneDoes() {
    role("r", "{\"role\":\"r\"}");
    assertEquals(5, tree.view().index());
    role("s", "{\"role\":\"s\"}");
    assertEquals(6, tree.view().index());
    assertEquals(Optional.of(Bytes.utf8("false")), tree.view().value(Bytes.utf8("/2/enabled")));
  }

  @Test
  void whileItIsOffEverybodyMayDoEverything() {
    assertTrue(reads(caller("nobody:x"), "/a"));
    assertTrue(end(authorisation.permits(NOBODY, new Access.ManageAuth())));
  }

  @Test
  void guestsMayDoWhatTheirRoleSays() {
    turnOn();
    assertTrue(reads(NOBODY, "/x"));
    role("guest", "{\"role\":\"guest\",\"revoke\":{\"kv\":{\"read\":[\"/*\"]}}}");
    assertFalse(reads(NOBODY, "/x"));
    assertTrue(writes(NOBODY, "/x", true));
    assertFalse(reads(new Caller("", Optional.of("")), "/x"));
    assertInstanceOf(Answer.Done.class, end(roles.delete(ROOT, "guest")));
    assertFalse(writes(NOBODY, "/x", false));
  }

  @Test
  void usersMayDoWhatTheirRolesSay() {
    turnOn();
    var al = caller("al:apw");
    assertTrue(reads(al, "/a/1"));
    assertFalse(reads(al, "/a"));
    assertTrue(writes(al, "/b", false));
    assertFalse(writes(al, "/b", true));
    assertFalse(end(authorisation.permits(al, new Access.ManageAuth())));
    assertTrue(end(authorisation.permits(ROOT, new Access.ChangeMembers())));
  }

  @Test
  void wrongCredentialsDoNotFallBackToTheGuests() {
    turnOn();
    assertFalse(reads(caller("al:wrong"), "/x"));
    assertFalse(reads(caller("nobody:x"), "/x"));
    assertFalse(reads(caller("../roles/guest:x"), "/x"));
    for (var header : List.of("Bearer x", "Basic !!!", "Basic YQ", "Basic YWw6", "x")) {
      assertFalse(reads(new Caller("", Optional.of(header)), "/x"), header);
    }
  }

  @Test
  void aPasswordIsCheckedOnceUntilItChanges() {
    turnOn();
    assertTrue(reads(caller("al:apw"), "/a/1"));
    checks.clear();
    assertSame(true, authorisation.permits(caller("al:apw"), read("/a/1")).getNow(null));
    user("al", "{\"user\":\"al\",\"password\":\"other\"}");
    assertFalse(reads(caller("al:apw"), "/a/1"));
    assertTrue(reads(caller("al:other"), "/a/1"));
  }

  @Test
  void wrongPasswordsAreNotRememberedButShareACheck() {
    turnOn();
    checks.clear();
    var first = authorisation.permits(caller("al:bad"), read("/a/1"));
    var second = authorisation.permits(caller("al:bad"), read("/a/1"));
    assertEquals(1, checks.size());
    assertFalse(end(first) || end(second));
    assertFalse(authorisation.permits(caller("al:bad"), read("/a/1")).isDone());
  }

  private static Access read(String key) {
    return new Access.ReadKey(Bytes.utf8(key), false);
  }

  @Test
  void rulesAboutUsersAreCheckedInOrder() {
    assertEquals("Invalid JSON in request body.", refusal("x", "{"));
    assertEquals("User JSON name does not match the name in the URL", refusal("x", "null"));
    assertEquals(
        "User JSON contains both roles and grant/revoke",
        refusal("x", "{\"user\":\"x\",\"roles\":[\"a\"],\"revoke\":[\"a\"]}"));
    assertEquals(
        "auth: User x does not exist.", refusal("x", "{\"user\":\"x\",\"revoke\":[\"a\"]}"));
    assertEquals(
        "auth: Cannot create user x with an empty password", refusal("x", "{\"user\":\"x\"}"));
    turnOn();
    assertInstanceOf(Answer.Denied.class, end(users.put(caller("al:apw"), "x", Bytes.utf8("{"))));
  }

  private String refusal(String name, String body) {
    return end(users.put(NOBODY, name, Bytes.utf8(body)))
            instanceof Answer.Refused<Saved>(Refusal.Auth(var kind, var text))
        ? text
        : "not refused";
  }

  @Test
  void longPasswordsCountUpToTheirFirst72BytesAsInGo() {
    turnOn();
    var start = "p".repeat(72);
    user("al", "{\"user\":\"al\",\"password\":\"" + start + "xyz\"}");
    assertTrue(reads(caller("al:" + start + "abc"), "/a/1"));
    assertFalse(reads(caller("al:" + "p".repeat(70)), "/a/1"));
  }

  @Test
  void hashesMadeByOthersAreUnderstood() {
    var short3 = "$2a$10$abcdefghijklmnopqrstuuIKf86pdcwpO2sVQ5UzC4OF.Xfw8WGTS";
    var long75 = "$2a$04$abcdefghijklmnopqrstuuNt.0ah97gHY3F7JC1Z6EXmQc0bQBhIO";
    assertTrue(end(passwords.matches("u", Bytes.utf8("abc"), short3)));
    assertTrue(end(passwords.matches("u", Bytes.utf8("p".repeat(72) + "xyz"), long75)));
    assertFalse(end(passwords.matches("u", Bytes.utf8("abd"), short3)));
    assertFalse(end(passwords.matches("u", Bytes.utf8("x"), "no hash")));
    assertFalse(end(passwords.matches("u", Bytes.utf8("x"), "")));
  }
}
