// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.ThreadWorkers;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.request.AdminAccess;
import io.kvorum.server.request.ComputeHashes;
import io.kvorum.server.request.KeyspaceReading;
import io.kvorum.server.request.SlowWork;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a leader learns of a member's history, against hashes recorded from etcd 3.4.23. */
class HashByPeerTest {
  private final MemoryEngine engine = new MemoryEngine(Keyspace.tables());
  private final Keyspace keyspace = Keyspace.open(engine);
  private final SlowWork slow = new SlowWork(new ThreadWorkers(), Throwable::printStackTrace);
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    KeyspaceReading reading =
        new KeyspaceReading() {
          @Override
          public <T> T read(Function<KeyspaceView, T> use) {
            return keyspace.read(use);
          }
        };
    var hashes = new ComputeHashes(AdminAccess.OFF, reading, () -> 0, slow);
    node = new TestNode(1, network -> List.of(HashByPeer.endpoint(network, hashes)));
    for (var line : "a1 b1 a2 b c1 a3 c b5 a d1 b6".split(" ", -1)) {
      apply(line);
    }
  }

  private void apply(String line) {
    var key = Bytes.utf8(line.substring(0, 1));
    carryOut(
        line.length() == 1
            ? new KeyspaceCommand.DeleteRange(key, Bytes.EMPTY, false)
            : new KeyspaceCommand.Put(key, Bytes.utf8(line.substring(1)), 0, false, false, false));
  }

  private void carryOut(KeyspaceCommand command) {
    var batch = new Batch();
    keyspace.apply(command, lease -> false, batch);
    engine.write(batch);
    keyspace.publish();
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    slow.stop();
    keyspace.close();
  }

  @Test
  void theHashIsThatOfGenuineMembers() throws Exception {
    assertEquals(
        "{\"header\":{\"revision\":12},\"hash\":1179484354,\"compact_revision\":-1,"
            + "\"hash_revision\":12}",
        ask("{\"revision\":12}", Map.of()).body());
    assertEquals(ask("{\"revision\":12}", Map.of()).body(), ask("{}", Map.of()).body());
    carryOut(new KeyspaceCommand.Compact(8, false));
    assertEquals(
        "{\"header\":{\"revision\":12},\"hash\":732446058,\"compact_revision\":8,"
            + "\"hash_revision\":11}",
        ask("{\"revision\":11}", Map.of()).body());
  }

  @Test
  void whatIsOutOfReachAndWhoIsAStrangerIsTold() throws Exception {
    carryOut(new KeyspaceCommand.Compact(8, false));
    var compacted = ask("{\"revision\":3}", Map.of());
    assertEquals(400, compacted.status());
    assertEquals("mvcc: required revision has been compacted\n", compacted.body());
    assertEquals(
        "mvcc: required revision is a future revision\n",
        ask("{\"revision\":99}", Map.of()).body());
    assertEquals(400, ask("{", Map.of()).status());
    var stranger = ask("{}", Map.of("X-Etcd-Cluster-ID", MemberId.hex(5)));
    assertEquals(412, stranger.status());
    assertEquals("cluster ID mismatch\n", stranger.body());
    assertEquals(405, node.ask("POST", "/members/hashkv", Map.of(), new byte[0]).status());
  }

  private RawHttp.Reply ask(String body, Map<String, String> headers) throws Exception {
    return node.ask("GET", "/members/hashkv", headers, Bytes.utf8(body).toArray());
  }
}
