// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.api.etcdserverpb.AlarmMember;
import io.kvorum.api.etcdserverpb.AlarmRequest;
import io.kvorum.api.etcdserverpb.AlarmResponse;
import io.kvorum.api.etcdserverpb.AlarmType;
import io.kvorum.api.etcdserverpb.DefragmentRequest;
import io.kvorum.api.etcdserverpb.DefragmentResponse;
import io.kvorum.api.etcdserverpb.DowngradeInfo;
import io.kvorum.api.etcdserverpb.DowngradeRequest;
import io.kvorum.api.etcdserverpb.DowngradeRequest.DowngradeAction;
import io.kvorum.api.etcdserverpb.DowngradeResponse;
import io.kvorum.api.etcdserverpb.HashKVRequest;
import io.kvorum.api.etcdserverpb.HashKVResponse;
import io.kvorum.api.etcdserverpb.HashRequest;
import io.kvorum.api.etcdserverpb.HashResponse;
import io.kvorum.api.etcdserverpb.MoveLeaderRequest;
import io.kvorum.api.etcdserverpb.MoveLeaderResponse;
import io.kvorum.api.etcdserverpb.ResponseHeader;
import io.kvorum.api.etcdserverpb.SnapshotRequest;
import io.kvorum.api.etcdserverpb.SnapshotResponse;
import io.kvorum.api.etcdserverpb.StatusRequest;
import io.kvorum.api.etcdserverpb.StatusResponse;
import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.ThreadTimers;
import io.kvorum.env.ThreadWorkers;
import io.kvorum.server.alarm.AlarmStore;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.request.AdminAccess;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.ComputeHashes;
import io.kvorum.server.request.CopyDatabase;
import io.kvorum.server.request.DefragmentStore;
import io.kvorum.server.request.DowngradeCluster;
import io.kvorum.server.request.KeyspaceReading;
import io.kvorum.server.request.ManageAlarms;
import io.kvorum.server.request.MoveLeadership;
import io.kvorum.server.request.ReportStatus;
import io.kvorum.server.request.SlowWork;
import io.kvorum.server.request.StoreSize;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.transport.net.RpcMethods;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Maintenance service over real stores and a log that applies at once. */
class MaintenanceServiceTest {
  private static final String SERVICE = "/etcdserverpb.Maintenance/";
  private static final MemberId OTHER = new MemberId(9);

  private final MemoryEngine engine = new MemoryEngine(Stores.tables());
  private final Keyspace keyspace = Keyspace.open(engine);
  private final AlarmStore alarms = AlarmStore.open(engine);
  private final ThreadWorkers workers = new ThreadWorkers();
  private final ThreadTimers timers =
      new ThreadTimers("timer", failure -> failure.printStackTrace());
  private final SlowWork slow = new SlowWork(workers, failure -> failure.printStackTrace());
  private final AtomicInteger defragmented = new AtomicInteger();
  private final CountDownLatch copyClosed = new CountDownLatch(1);
  private volatile boolean permitted = true;
  private volatile long copyBytes = 100_000;
  private volatile Optional<String> downgrade = Optional.empty();
  private volatile String clusterVersion = "3.6.0";
  private final TestV3 port = new TestV3(this::register);

  private void register(TestV3 here, RpcMethods methods) {
    AdminAccess access =
        (caller, right) ->
            permitted
                ? AdminAccess.OFF.admit(caller, right)
                : Answer.now(new Answer.Failed<>("etcdserver: user name is empty", false));
    KeyspaceReading reading =
        new KeyspaceReading() {
          @Override
          public <T> T read(Function<KeyspaceView, T> use) {
            return keyspace.read(use);
          }
        };
    var requests =
        new MaintenanceRequests(
            new ReportStatus(
                () -> membership(here), here.facts, reading, alarms::current, new FixedSize()),
            new ManageAlarms(access, this::propose),
            new ComputeHashes(access, reading, () -> -2, slow),
            new DefragmentStore(access, defragmented::incrementAndGet, slow),
            new MoveLeadership(
                access,
                here.facts,
                () -> membership(here),
                target -> {
                  if (target.equals(OTHER)) {
                    here.leader = target;
                  }
                },
                timers,
                Duration.ofMillis(200)),
            new DowngradeCluster(
                access,
                () -> membership(here),
                () -> CompletableFuture.completedFuture(null),
                this::propose),
            new CopyDatabase(access, Copied::new));
    new MaintenanceService(requests, here.headers, here.gate, "3.7.1", workers).register(methods);
  }

  private Membership membership(TestV3 here) {
    var now = here.membership();
    return new Membership(
        now.clusterId(),
        now.localId(),
        new TreeMap<>(now.members()),
        now.removed(),
        Optional.of(clusterVersion),
        downgrade);
  }

  private synchronized CompletableFuture<Applied> propose(Command command) {
    var batch = new Batch();
    Outcome outcome =
        switch (((V3Request) command).command()) {
          case AlarmCommand alarm -> alarms.apply(alarm, batch);
          case V3Command.SetDowngrade(boolean enabled, String version) -> {
            downgrade = enabled ? Optional.of(version) : Optional.empty();
            yield new Outcome.Done();
          }
          default -> throw new IllegalStateException("not expected: " + command);
        };
    engine.write(batch);
    alarms.publish();
    return CompletableFuture.completedFuture(new Applied(outcome, 9, 3));
  }

  private void put(String key) {
    var batch = new Batch();
    keyspace.apply(
        new KeyspaceCommand.Put(Bytes.utf8(key), Bytes.utf8("v"), 0, false, false, false),
        lease -> false,
        batch);
    engine.write(batch);
    keyspace.publish();
  }

  private static final class FixedSize implements StoreSize {
    @Override
    public long total() {
      return 300;
    }

    @Override
    public long inUse() {
      return 200;
    }

    @Override
    public long quota() {
      return 1000;
    }
  }

  private final class Copied implements CopyDatabase.Copy {
    @Override
    public long bytes() {
      return copyBytes;
    }

    @Override
    public void writeTo(CopyDatabase.Target target) throws IOException {
      byte[] piece = new byte[4096];
      for (long at = 0; at < copyBytes; at += piece.length) {
        Arrays.fill(piece, (byte) (at >> 12));
        target.write(ByteBuffer.wrap(piece, 0, (int) Math.min(piece.length, copyBytes - at)));
      }
    }

    @Override
    public void close() {
      copyClosed.countDown();
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    port.close();
    slow.stop();
    timers.close();
    keyspace.close();
  }

  private ResponseHeader header(long revision) {
    return TestV3.HEADER.toBuilder().setRevision(revision).build();
  }

  @Test
  void theStatusSaysHowTheMemberIs() {
    put("a");
    alarm(AlarmRequest.AlarmAction.ACTIVATE, 5, AlarmType.NOSPACE);
    downgrade = Optional.of("3.5.0");
    assertEquals(
        StatusResponse.newBuilder()
            .setHeader(header(2))
            .setVersion("3.7.1")
            .setDbSize(300)
            .setLeader(7)
            .setRaftIndex(12)
            .setRaftTerm(3)
            .setRaftAppliedIndex(11)
            .addErrors("memberID:5 alarm:NOSPACE ")
            .setDbSizeInUse(200)
            .setDbSizeQuota(1000)
            .setDowngradeInfo(DowngradeInfo.newBuilder().setEnabled(true).setTargetVersion("3.5.0"))
            .build(),
        status());
  }

  @Test
  void aLearnerWithoutALeaderSaysSo() {
    port.put(new Member(TestV3.SELF, "s", List.of("http://s:1"), List.of(), true));
    port.learner = true;
    port.leader = MemberId.NONE;
    var status = status();
    assertTrue(status.getIsLearner());
    assertEquals(0, status.getLeader());
    assertEquals(List.of("etcdserver: no leader"), status.getErrorsList());
    assertTrue(status.hasDowngradeInfo());
  }

  private StatusResponse status() {
    return port.call(
        SERVICE + "Status", StatusRequest.getDefaultInstance(), StatusResponse.parser());
  }

  @Test
  void alarmsAreRaisedListedAndEnded() {
    var raised = member(5, AlarmType.NOSPACE);
    assertEquals(List.of(raised), alarm(AlarmRequest.AlarmAction.ACTIVATE, 5, AlarmType.NOSPACE));
    assertEquals(List.of(raised), alarm(AlarmRequest.AlarmAction.ACTIVATE, 5, AlarmType.NOSPACE));
    alarm(AlarmRequest.AlarmAction.ACTIVATE, 0, AlarmType.CORRUPT);
    assertEquals(
        List.of(member(0, AlarmType.CORRUPT), raised),
        alarm(AlarmRequest.AlarmAction.GET, 77, AlarmType.NONE));
    assertEquals(List.of(raised), alarm(AlarmRequest.AlarmAction.GET, 0, AlarmType.NOSPACE));
    assertEquals(List.of(), alarm(AlarmRequest.AlarmAction.DEACTIVATE, 0, AlarmType.NOSPACE));
    assertEquals(List.of(raised), alarm(AlarmRequest.AlarmAction.DEACTIVATE, 5, AlarmType.NOSPACE));
    assertEquals(List.of(), alarm(AlarmRequest.AlarmAction.GET, 0, AlarmType.NOSPACE));
  }

  private List<AlarmMember> alarm(AlarmRequest.AlarmAction action, long member, AlarmType type) {
    var answer =
        port.call(
            SERVICE + "Alarm",
            AlarmRequest.newBuilder().setAction(action).setMemberID(member).setAlarm(type).build(),
            AlarmResponse.parser());
    assertEquals(header(keyspace.revision()), answer.getHeader());
    return answer.getAlarmsList();
  }

  private static AlarmMember member(long id, AlarmType type) {
    return AlarmMember.newBuilder().setMemberID(id).setAlarm(type).build();
  }

  @Test
  void hashesAreThoseOfTheKeyspace() {
    put("a");
    put("b");
    assertEquals(
        HashResponse.newBuilder().setHeader(header(3)).setHash(-2).build(),
        port.call(SERVICE + "Hash", HashRequest.getDefaultInstance(), HashResponse.parser()));
    var now = hashKv(0);
    assertEquals(header(3), now.getHeader());
    assertEquals(3, now.getHashRevision());
    assertEquals(-1, now.getCompactRevision());
    assertEquals(now, hashKv(3));
    assertTrue(now.getHash() != hashKv(2).getHash());
    port.assertFails(
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision is a future revision",
        SERVICE + "HashKV",
        HashKVRequest.newBuilder().setRevision(4).build());
  }

  private HashKVResponse hashKv(long revision) {
    return port.call(
        SERVICE + "HashKV",
        HashKVRequest.newBuilder().setRevision(revision).build(),
        HashKVResponse.parser());
  }

  @Test
  void theStoreIsDefragmentedAndTheAnswerHasNoHeader() {
    assertEquals(
        DefragmentResponse.getDefaultInstance(),
        port.call(
            SERVICE + "Defragment",
            DefragmentRequest.getDefaultInstance(),
            DefragmentResponse.parser()));
    assertEquals(1, defragmented.get());
  }

  @Test
  void theLeadershipMovesToAVoterOnly() {
    port.put(new Member(OTHER, "o", List.of("http://o:1"), List.of(), false));
    port.put(new Member(new MemberId(10), "l", List.of("http://l:1"), List.of(), true));
    port.put(new Member(new MemberId(11), "d", List.of("http://d:1"), List.of(), false));
    moving(5, Status.Code.FAILED_PRECONDITION, "etcdserver: bad leader transferee");
    moving(10, Status.Code.FAILED_PRECONDITION, "etcdserver: bad leader transferee");
    moving(11, Status.Code.UNKNOWN, "etcdserver: request timed out, leader transfer took too long");
    assertEquals(MoveLeaderResponse.getDefaultInstance(), move(7));
    assertEquals(MoveLeaderResponse.getDefaultInstance(), move(9));
    moving(7, Status.Code.FAILED_PRECONDITION, "etcdserver: not leader");
  }

  private MoveLeaderResponse move(long target) {
    return port.call(
        SERVICE + "MoveLeader",
        MoveLeaderRequest.newBuilder().setTargetID(target).build(),
        MoveLeaderResponse.parser());
  }

  private void moving(long target, Status.Code code, String text) {
    port.assertFails(
        code,
        text,
        SERVICE + "MoveLeader",
        MoveLeaderRequest.newBuilder().setTargetID(target).build());
  }

  @Test
  void aDowngradeIsOneMinorVersionAtATime() {
    Map<String, String> wrong =
        Map.of(
            "", "wrong downgrade target version format",
            "3", "wrong downgrade target version format",
            "3.x", "wrong downgrade target version format",
            "3.4.0", "invalid downgrade target version",
            "3.6.0", "invalid downgrade target version",
            "3.7", "invalid downgrade target version");
    wrong.forEach(
        (version, text) ->
            port.assertFails(
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: " + text,
                SERVICE + "Downgrade",
                downgrade(DowngradeAction.ENABLE, version)));
    assertEquals(Optional.empty(), downgrade);
    port.assertFails(
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: no inflight downgrade job",
        SERVICE + "Downgrade",
        downgrade(DowngradeAction.CANCEL, ""));
    assertEquals("3.6", downgraded(DowngradeAction.VALIDATE, "3.5.0"));
    assertEquals(Optional.empty(), downgrade);
    assertEquals("3.6", downgraded(DowngradeAction.ENABLE, "3.5"));
    assertEquals(Optional.of("3.5.0"), downgrade);
    port.assertFails(
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: cluster has a downgrade job in progress",
        SERVICE + "Downgrade",
        downgrade(DowngradeAction.VALIDATE, "3.5"));
    assertEquals("3.6", downgraded(DowngradeAction.CANCEL, ""));
    assertEquals(Optional.empty(), downgrade);
  }

  /** Members of 3.4 end themselves at a command they do not know. */
  @Test
  void nothingGoesBelowTheReleasesThatKnowOfDowngrades() {
    clusterVersion = "3.5.0";
    port.assertFails(
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: invalid downgrade target version",
        SERVICE + "Downgrade",
        downgrade(DowngradeAction.ENABLE, "3.4"));
  }

  private String downgraded(DowngradeAction action, String version) {
    return port.call(SERVICE + "Downgrade", downgrade(action, version), DowngradeResponse.parser())
        .getVersion();
  }

  private static Message downgrade(DowngradeAction action, String version) {
    return DowngradeRequest.newBuilder().setAction(action).setVersion(version).build();
  }

  @Test
  void aSnapshotComesInPiecesThatCountDownAndItsDigest() throws Exception {
    var open = port.client.open(SERVICE + "Snapshot");
    open.out().onNext(SnapshotRequest.getDefaultInstance().toByteArray());
    List<SnapshotResponse> parts = new ArrayList<>();
    for (Object next = open.next(); next instanceof byte[] bytes; next = open.next()) {
      parts.add(SnapshotResponse.parseFrom(bytes));
    }
    var file = new ByteArrayOutputStream();
    new Copied().writeTo(bytes -> file.write(bytes.array(), 0, bytes.remaining()));
    assertEquals(
        List.of(67_232L, 34_464L, 1_696L, 0L, 0L),
        parts.stream().map(SnapshotResponse::getRemainingBytes).toList());
    var received = new ByteArrayOutputStream();
    for (var part : parts.subList(0, 4)) {
      part.getBlob().writeTo(received);
    }
    assertArrayEquals(file.toByteArray(), received.toByteArray());
    assertArrayEquals(
        MessageDigest.getInstance("SHA-256").digest(file.toByteArray()),
        parts.get(4).getBlob().toByteArray());
    assertTrue(copyClosed.await(10, TimeUnit.SECONDS));
  }

  @Test
  void aClientThatLeavesEndsItsSnapshot() throws Exception {
    copyBytes = 1L << 40;
    var open = port.client.open(SERVICE + "Snapshot");
    open.out().onNext(SnapshotRequest.getDefaultInstance().toByteArray());
    assertInstanceOf(byte[].class, open.next());
    open.call().cancel("enough", null);
    assertTrue(copyClosed.await(10, TimeUnit.SECONDS));
  }

  @Test
  void onlySoManySnapshotsAreOnTheirWayAtOnce() throws Exception {
    copyBytes = 1L << 40;
    for (int i = 0; i < 4; i++) {
      var open = port.client.open(SERVICE + "Snapshot");
      open.out().onNext(SnapshotRequest.getDefaultInstance().toByteArray());
      assertInstanceOf(byte[].class, open.next());
    }
    var refused = port.client.open(SERVICE + "Snapshot");
    refused.out().onNext(SnapshotRequest.getDefaultInstance().toByteArray());
    var failure = assertInstanceOf(StatusRuntimeException.class, refused.next());
    assertEquals("etcdserver: too many requests", failure.getStatus().getDescription());
  }

  @Test
  void whoIsNobodyIsServedTheStatusOnly() throws Exception {
    permitted = false;
    status();
    for (var method : List.of("Alarm", "Defragment", "Hash", "HashKV", "MoveLeader")) {
      port.assertFails(
          Status.Code.INVALID_ARGUMENT,
          "etcdserver: user name is empty",
          SERVICE + method,
          StatusRequest.getDefaultInstance());
    }
    var open = port.client.open(SERVICE + "Snapshot");
    open.out().onNext(SnapshotRequest.getDefaultInstance().toByteArray());
    assertInstanceOf(StatusRuntimeException.class, open.next());
  }
}
