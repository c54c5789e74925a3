// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kvorum.base.Bytes;
import org.junit.jupiter.api.Test;

class StorePathTest {

  @Test
  void pathsAreCleanedAsEtcdCleansThem() {
    String[][] cases = {
      {"", "/"},
      {"/", "/"},
      {"//", "/"},
      {"a", "/a"},
      {"/a/", "/a"},
      {"/a//b", "/a/b"},
      {"/a/./b", "/a/b"},
      {"/a/../b", "/b"},
      {"/../..", "/"},
      {"/a/..", "/"},
      {"/..a/.b", "/..a/.b"},
      {"/a/...", "/a/..."},
      {"/.", "/"}
    };
    for (String[] pair : cases) {
      assertEquals(Bytes.utf8(pair[1]), StorePath.clean(Bytes.utf8(pair[0])), pair[0]);
    }
    Bytes clean = Bytes.utf8("/1/a/b");
    assertSame(clean, StorePath.clean(clean));
  }

  @Test
  void partsOfAPath() {
    assertEquals(Bytes.utf8("/a"), StorePath.parent(Bytes.utf8("/a/b")));
    assertEquals(StorePath.ROOT, StorePath.parent(Bytes.utf8("/a")));
    assertEquals(Bytes.utf8("b"), StorePath.name(Bytes.utf8("/a/b")));
    assertEquals(Bytes.utf8("/a"), StorePath.child(StorePath.ROOT, Bytes.utf8("a")));
    assertEquals(Bytes.utf8("/a/b"), StorePath.child(Bytes.utf8("/a"), Bytes.utf8("b")));
  }
}
