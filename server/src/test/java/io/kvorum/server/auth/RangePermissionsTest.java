// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.AuthCommand.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangePermissionsTest {

  private static final Bytes OPEN = Bytes.wrap(new byte[1]);

  private static Permission range(String key, String end) {
    return new Permission(Permission.READ, Bytes.utf8(key), Bytes.utf8(end));
  }

  private static RangePermissions of(Permission... permissions) {
    return RangePermissions.of(List.of(permissions), type -> type == Permission.READ);
  }

  private static boolean allows(RangePermissions permissions, String key, String end) {
    return permissions.allow(Bytes.utf8(key), Bytes.utf8(end));
  }

  @Test
  void aRangeMayLieInTheUnionOfSeveral() {
    var permissions = of(range("c", "e"), range("a", "c"), range("g", ""));
    assertTrue(allows(permissions, "a", "e"));
    assertTrue(allows(permissions, "b", "d"));
    assertTrue(allows(permissions, "g", ""));
    assertTrue(allows(permissions, "g", "g\0"));
    assertFalse(allows(permissions, "a", "f"));
    assertFalse(allows(permissions, "e", ""));
    assertFalse(allows(permissions, "g", "h"));
    assertFalse(allows(permissions, "gg", ""));
  }

  @Test
  void aSingleKeyJoinsItsNeighbours() {
    var permissions = of(range("a", ""), range("a\0", "c"));
    assertTrue(allows(permissions, "a", "c"));
    assertFalse(allows(permissions, "a", "c\0"));
  }

  @Test
  void anOpenEndNeedsAnOpenEnd() {
    var permissions = of(new Permission(Permission.READ, Bytes.utf8("k"), OPEN), range("a", ""));
    assertTrue(permissions.allow(Bytes.utf8("x"), OPEN));
    assertTrue(allows(permissions, "k", "z"));
    assertFalse(permissions.allow(Bytes.utf8("a"), OPEN), "a single key is not all keys behind it");
    assertFalse(permissions.allow(Bytes.utf8("j"), OPEN));
  }

  @Test
  void whatIsNoRangeGrantsNothing() {
    var permissions =
        of(range("", "z"), range("z", "a"), new Permission(Permission.READ, Bytes.EMPTY, OPEN));
    assertFalse(allows(permissions, "m", ""));
    assertFalse(allows(permissions, "a", "z"));
  }

  @Test
  void anotherTypeDoesNotCount() {
    var writing = new Permission(Permission.WRITE, Bytes.utf8("a"), Bytes.EMPTY);
    assertFalse(allows(of(writing), "a", ""));
  }

  /** Against a plain look at each key there is. */
  @Test
  void agreesWithALookAtEveryKey() {
    for (long seed = 1; seed <= 3_000; seed++) {
      Random random = new Random(seed);
      List<Permission> granted = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        granted.add(new Permission(Permission.READ, key(random), end(random)));
      }
      RangePermissions permissions = RangePermissions.of(granted, type -> true);
      Bytes key = key(random);
      Bytes end = end(random);
      boolean backwards = !end.isEmpty() && !end.equals(OPEN) && end.compareTo(key) <= 0;
      if (!backwards) {
        assertEquals(plainly(granted, key, end), permissions.allow(key, end), "seed " + seed);
      }
    }
  }

  private static final String LETTERS = "abcdefgh";

  private static Bytes key(Random random) {
    int at = random.nextInt(LETTERS.length());
    return Bytes.utf8(LETTERS.substring(at, at + 1));
  }

  private static Bytes end(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> Bytes.EMPTY;
      case 1 -> OPEN;
      default -> key(random);
    };
  }

  /** Keys are the letters and, between each two, one more; behind the last stands the open end. */
  private static boolean plainly(List<Permission> granted, Bytes key, Bytes end) {
    for (int point = 0; point <= 2 * LETTERS.length(); point++) {
      int probe = point;
      if (covers(key, end, probe)
          && granted.stream().noneMatch(one -> covers(one.key(), one.rangeEnd(), probe))) {
        return false;
      }
    }
    return true;
  }

  /** Even points are the letters, odd ones what lies between them. */
  private static boolean covers(Bytes key, Bytes end, int point) {
    int from = 2 * (key.at(0) - 'a');
    if (end.isEmpty()) {
      return point == from;
    }
    int to = end.equals(OPEN) ? Integer.MAX_VALUE : 2 * (end.at(0) - 'a');
    return point >= from && point < to;
  }
}
