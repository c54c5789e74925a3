// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Member;

/** Every kind of v2 write at one member, in a folder of its own, each with its exact answer. */
final class TreeWork {
  private final Member member;
  private final String folder;

  private TreeWork(Member member, String folder) {
    this.member = member;
    this.folder = folder;
  }

  /** Does it all at that member, in that folder, which must not exist. */
  static void at(Member member, String folder) {
    TreeWork work = new TreeWork(member, folder);
    work.plain();
    work.conditional();
    work.folders();
    work.deadlines();
  }

  private void plain() {
    assertEquals("set", put(201, "/a", "value=1"));
    assertEquals("set", put(200, "/a", "value=2"));
    assertEquals("create", put(201, "/b?prevExist=false", "value=1"));
    refuse(105, 412, "PUT", "/b?prevExist=false", "value=1");
    assertEquals("update", put(200, "/b?prevExist=true", "value=%C3%BC%20%3C%26"));
    refuse(100, 404, "PUT", "/none?prevExist=true", "value=1");
    assertEquals("create", action(201, "POST", "/queue", "value=1"));
    assertEquals("create", action(201, "POST", "/queue", "value=2"));
    assertEquals("set", put(201, "/gone", "value=1"));
    assertEquals("delete", action(200, "DELETE", "/gone", ""));
    refuse(100, 404, "DELETE", "/gone", "");
  }

  private void conditional() {
    Json made = V2.keys(201, member, "PUT", folder + "/c", "value=1");
    long index = made.get("node").flatMap(n -> n.number("modifiedIndex")).orElseThrow();
    assertEquals("compareAndSwap", put(200, "/c?prevIndex=" + index, "value=2"));
    refuse(101, 412, "PUT", "/c?prevIndex=" + index, "value=3");
    assertEquals("compareAndSwap", put(200, "/c?prevValue=2", "value=3"));
    refuse(101, 412, "DELETE", "/c?prevValue=2", "");
    assertEquals("compareAndDelete", action(200, "DELETE", "/c?prevValue=3", ""));
  }

  private void folders() {
    assertEquals("set", put(201, "/d", "dir=true"));
    assertEquals("set", put(201, "/d/e/f", "value=deep"));
    refuse(102, 403, "PUT", "/d", "value=1");
    refuse(108, 403, "DELETE", "/d?dir=true", "");
    refuse(104, 400, "PUT", "/a/x", "value=1");
    assertEquals("set", put(201, "/d2/e/f", "value=deep"));
    assertEquals("delete", action(200, "DELETE", "/d2?recursive=true", ""));
  }

  /** The short one expires before the end; the others stay, with equal deadlines on all members. */
  private void deadlines() {
    assertEquals("set", put(201, "/t/short", "value=1&ttl=1"));
    assertEquals("set", put(201, "/t/long", "value=1&ttl=1000"));
    assertEquals("set", put(201, "/t/dir", "dir=true&ttl=2000"));
    assertEquals("set", put(201, "/t/dir/in", "value=1"));
    assertEquals("set", put(201, "/t/fresh", "value=1&ttl=500"));
    assertEquals("update", put(200, "/t/fresh", "ttl=900&refresh=true&prevExist=true"));
  }

  private String put(int status, String keyAndQuery, String form) {
    return action(status, "PUT", keyAndQuery, form);
  }

  private String action(int status, String method, String keyAndQuery, String form) {
    Json answer = V2.keys(status, member, method, folder + keyAndQuery, form);
    return answer.string("action").orElse("no action");
  }

  private void refuse(int error, int status, String method, String keyAndQuery, String form) {
    Json answer = V2.keys(status, member, method, folder + keyAndQuery, form);
    assertEquals(error, answer.number("errorCode").orElse(0L), keyAndQuery + answer.render());
  }
}
