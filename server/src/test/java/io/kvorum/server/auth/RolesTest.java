// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.MalformedJson;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolesTest {

  private static boolean reads(String pattern, String key, boolean recursive) {
    return new Permissions(List.of(pattern), null).permits(Bytes.utf8(key), false, recursive);
  }

  @Test
  void aStarAtTheEndStandsForAnyRest() {
    assertTrue(reads("/a/*", "/a/", false));
    assertTrue(reads("/a/*", "/a/b/c", false));
    assertTrue(reads("/a*", "/ab", true));
    assertTrue(reads("*", "", true));
    assertFalse(reads("/a/*", "/a", false));
    assertFalse(reads("/*/b", "/a/b", false));
  }

  @Test
  void aPatternWithoutAStarIsOneKeyAndNothingBelowIt() {
    assertTrue(reads("/a", "/a", false));
    assertFalse(reads("/a", "/a/", false));
    assertFalse(reads("/a", "/a/b", false));
    assertFalse(reads("/a", "/a", true));
    assertFalse(reads("", "", false));
  }

  @Test
  void readingAndWritingAreApart() {
    var permissions = new Permissions(List.of("/r"), List.of("/w"));
    assertTrue(permissions.permits(Bytes.utf8("/w"), true, false));
    assertFalse(permissions.permits(Bytes.utf8("/r"), true, false));
    assertFalse(permissions.permits(Bytes.utf8("/w"), false, false));
  }

  @Test
  void theRoleNamedRootMayDoEverything() {
    var role = new Role("root", Permissions.NONE, null, null);
    assertTrue(role.permits(Bytes.utf8("/x"), true, true));
  }

  @Test
  void grantingKeepsPatternsSortedAndRefusesWhatIsThere() {
    var role =
        AuthJson.role(Bytes.utf8("{\"role\":\"r\",\"permissions\":{\"kv\":{\"read\":[\"/b\"]}}}"));
    var grant =
        AuthJson.role(Bytes.utf8("{\"role\":\"r\",\"grant\":{\"kv\":{\"read\":[\"/a\"]}}}"));
    var granted = role.changedBy(grant);
    assertEquals(
        "{\"role\":\"r\",\"permissions\":{\"kv\":{\"read\":[\"/a\",\"/b\"],\"write\":[]}}}",
        text(granted));
    var refused = assertThrows(AuthRefused.class, () -> granted.changedBy(grant));
    assertEquals("auth: Granting duplicate read permission /a", refused.refusal().text());
  }

  @Test
  void revokingWhatIsNotThereChangesNothingButListsThatWereNeverSet() {
    var revoke =
        AuthJson.role(Bytes.utf8("{\"role\":\"r\",\"revoke\":{\"kv\":{\"read\":[\"/a\"]}}}"));
    var once = AuthJson.role(Bytes.utf8("{\"role\":\"r\"}")).changedBy(revoke);
    assertEquals(
        "{\"role\":\"r\",\"permissions\":{\"kv\":{\"read\":[],\"write\":[]}}}", text(once));
    var refused = assertThrows(AuthRefused.class, () -> once.changedBy(revoke));
    assertEquals(
        "auth: Role not updated. Use grant/revoke to update the role.", refused.refusal().text());
  }

  @Test
  void aUsersRolesAreGrantedOnceAndRevokedOnlyWhenThere() {
    var user = AuthJson.user(Bytes.utf8("{\"user\":\"u\",\"password\":\"h\",\"roles\":[\"b\"]}"));
    var grant = AuthJson.user(Bytes.utf8("{\"user\":\"u\",\"grant\":[\"a\"]}"));
    var granted = user.changedBy(grant);
    assertEquals(List.of("a", "b"), granted.roleNames());
    assertEquals("h", granted.password());
    assertEquals(
        "auth: Granting duplicate role a for user u",
        assertThrows(AuthRefused.class, () -> granted.changedBy(grant)).refusal().text());
    var revoke = AuthJson.user(Bytes.utf8("{\"user\":\"u\",\"revoke\":[\"z\"]}"));
    assertEquals(
        "auth: Revoking ungranted role z for user u",
        assertThrows(AuthRefused.class, () -> granted.changedBy(revoke)).refusal().text());
  }

  @Test
  void theUserNamedRootAlwaysHasTheRoleRoot() {
    var root = new User("root", "h", null, List.of(), List.of()).withBuiltInRole();
    assertEquals(List.of("root"), root.roles());
    assertEquals(root, root.withBuiltInRole());
    assertFalse(new User("x", "h", null, List.of(), List.of()).withBuiltInRole().isRoot());
  }

  @Test
  void documentsAreReadAsGoReadsThem() {
    var user = AuthJson.user(Bytes.utf8("{\"USER\":\"u\",\"roles\":null,\"x\":[1]} rest"));
    assertEquals(new User("u", "", null, List.of(), List.of()), user);
    assertEquals("", AuthJson.user(Bytes.utf8("null")).name());
    assertThrows(MalformedJson.class, () -> AuthJson.user(Bytes.EMPTY));
    assertThrows(MalformedJson.class, () -> AuthJson.user(Bytes.utf8("{\"user\":1}")));
    assertThrows(MalformedJson.class, () -> AuthJson.role(Bytes.utf8("{\"grant\":[]}")));
    assertTrue(AuthJson.flag(Bytes.utf8("true")));
  }

  @Test
  void aDocumentIsStoredAsEtcdStoresIt() {
    var json = new GoJson();
    AuthJson.write(json, new User("u", "$2a$10$x", null, List.of(), List.of()));
    assertEquals("{\"user\":\"u\",\"password\":\"$2a$10$x\",\"roles\":null}", json.toString());
  }

  @Test
  void noNameLeadsOutOfItsDirectory() {
    assertEquals(Optional.of(Bytes.utf8("/2/users/x")), AuthPaths.of(AuthPaths.USERS, "x"));
    for (var name : List.of("", ".", "..", "../roles/r", "a/b")) {
      assertEquals(Optional.empty(), AuthPaths.of(AuthPaths.USERS, name), name);
    }
  }

  private static String text(Role role) {
    var json = new GoJson();
    AuthJson.write(json, role);
    return json.toString();
  }
}
