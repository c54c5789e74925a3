// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Databases that genuine etcd 3.4.23 saved. In {@code many.db}: 600 keys of 1.4 kB and later
 * versions of some, values of 5 kB and 100 kB, a deleted range, a compaction (so free pages), a
 * lease, a user, a role. In {@code fresh.db}: a member that never saw a v3 write. The expected
 * numbers are what {@code etcdctl snapshot status} said about them.
 */
class GenuineDatabaseTest {

  private static final Set<String> BUCKETS =
      Set.of(
          "alarm",
          "auth",
          "authRoles",
          "authUsers",
          "cluster",
          "key",
          "lease",
          "members",
          "members_removed",
          "meta");

  @Test
  void everyByteOfALargeOneIsReadAsItsOwnToolsReadIt() throws IOException {
    Map<String, Map<Bytes, Bytes>> buckets =
        DatabaseOnDisk.contents(DatabaseOnDisk.recorded("many.db.gz"));
    assertEquals(BUCKETS, buckets.keySet());
    assertEquals(761, buckets.values().stream().mapToInt(Map::size).sum());
    assertEquals(2934103123L, DatabaseOnDisk.hash(buckets));
    assertTrue(
        requireNonNull(buckets.get("key")).values().stream()
            .anyMatch(value -> value.length() > 100_000),
        "the value that runs over many pages");
    assertEquals(Set.of(Bytes.utf8("root")), requireNonNull(buckets.get("authUsers")).keySet());
    assertEquals(1, requireNonNull(buckets.get("lease")).size());
  }

  @Test
  void bucketsWithinTheirParentsPageAreRead() throws IOException {
    Map<String, Map<Bytes, Bytes>> buckets =
        DatabaseOnDisk.contents(DatabaseOnDisk.recorded("fresh.db.gz"));
    assertEquals(BUCKETS, buckets.keySet());
    assertEquals(3, buckets.values().stream().mapToInt(Map::size).sum());
    assertEquals(3774474401L, DatabaseOnDisk.hash(buckets));
    assertEquals(
        Bytes.utf8("3.4.0"),
        requireNonNull(buckets.get("cluster")).get(Bytes.utf8("clusterVersion")));
  }

  @Test
  void theDigestBehindABackupIsNoPage() throws IOException {
    byte[] backup = DatabaseOnDisk.recorded("fresh.db.gz");
    try (DatabaseFile file = DatabaseOnDisk.open(backup)) {
      assertEquals(backup.length - 32, file.pageBytes());
    }
  }
}
