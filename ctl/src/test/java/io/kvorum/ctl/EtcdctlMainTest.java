// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EtcdctlMainTest {

  @Test
  void versionTwoIsTheDefault() {
    assertEquals(new CommandRun(0, "etcdctl version 2.3.7\n", ""), CommandRun.of("--version"));
    assertEquals(
        new CommandRun(0, "etcdctl version 2.3.7\n", ""),
        CommandRun.with("", Map.of("ETCDCTL_API", "2"), "--version"));
  }

  @Test
  void versionThreeIsChosenByTheEnvironment() {
    assertEquals(
        new CommandRun(0, "etcdctl version: 3.7.1\nAPI version: 3.7\n", ""),
        CommandRun.with("", Map.of("ETCDCTL_API", "3"), "version"));
  }

  @Test
  void anUnknownVersionIsRefused() {
    assertEquals(
        new CommandRun(1, "", "etcdctl: unsupported API version 4 in ETCDCTL_API\n"),
        CommandRun.with("", Map.of("ETCDCTL_API", "4"), "get", "a"));
  }
}
