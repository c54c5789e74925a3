// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.kvorum.api.etcdserverpb.AlarmMember;
import io.kvorum.api.etcdserverpb.AlarmRequest;
import io.kvorum.api.etcdserverpb.AlarmResponse;
import io.kvorum.api.etcdserverpb.DefragmentRequest;
import io.kvorum.api.etcdserverpb.DefragmentResponse;
import io.kvorum.api.etcdserverpb.DowngradeRequest;
import io.kvorum.api.etcdserverpb.DowngradeResponse;
import io.kvorum.api.etcdserverpb.HashKVRequest;
import io.kvorum.api.etcdserverpb.HashKVResponse;
import io.kvorum.api.etcdserverpb.HashRequest;
import io.kvorum.api.etcdserverpb.HashResponse;
import io.kvorum.api.etcdserverpb.MoveLeaderRequest;
import io.kvorum.api.etcdserverpb.MoveLeaderResponse;
import io.kvorum.api.etcdserverpb.StatusRequest;
import io.kvorum.base.MemberId;
import io.kvorum.env.Workers;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.transport.net.RpcMethod;
import io.kvorum.server.transport.net.RpcMethods;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** etcd's Maintenance service. */
public final class MaintenanceService {
  private static final String SERVICE = "etcdserverpb.Maintenance";

  private final MaintenanceRequests requests;
  private final StatusMessages status;
  private final SnapshotStream snapshots;
  private final Headers headers;
  private final Gate gate;

  /**
   * @param version what this server calls itself, as {@code 3.7.1}
   * @param workers where threads come from that write snapshots
   */
  public MaintenanceService(
      MaintenanceRequests requests, Headers headers, Gate gate, String version, Workers workers) {
    this.requests = requests;
    this.headers = headers;
    this.gate = gate;
    this.status = new StatusMessages(requests.status(), headers, version);
    this.snapshots = new SnapshotStream(requests.copies(), workers);
  }

  /** Adds the service. */
  public void register(RpcMethods methods) {
    methods.with(
        SERVICE,
        "Status",
        gate.alsoOnLearners(
            MessageMethod.unary(
                StatusRequest.parser(),
                (caller, request) -> Answer.now(new Answer.Done<>(status.now())))));
    methods.with(
        SERVICE, "Snapshot", gate.lastingAlsoOnLearners(RpcMethod.unary(snapshots::serve)));
    add(methods, "Alarm", AlarmRequest.parser(), this::alarm);
    add(methods, "Defragment", DefragmentRequest.parser(), this::defragment);
    add(methods, "Hash", HashRequest.parser(), this::hash);
    add(methods, "HashKV", HashKVRequest.parser(), this::hashKv);
    add(methods, "MoveLeader", MoveLeaderRequest.parser(), this::moveLeader);
    add(methods, "Downgrade", DowngradeRequest.parser(), this::downgrade);
  }

  private <Q extends Message, A extends Message> void add(
      RpcMethods methods, String name, Parser<Q> parser, MessageMethod.Use<Q, A> use) {
    methods.with(SERVICE, name, gate.unary(MessageMethod.unary(parser, use)));
  }

  private CompletableFuture<Answer<AlarmResponse>> alarm(Caller caller, AlarmRequest request) {
    CompletableFuture<Answer<List<Alarm>>> alarms =
        switch (request.getAction()) {
          case GET -> alarms(caller, AlarmCommand.Action.GET, request);
          case ACTIVATE -> alarms(caller, AlarmCommand.Action.ACTIVATE, request);
          case DEACTIVATE -> alarms(caller, AlarmCommand.Action.DEACTIVATE, request);
          // Nothing is done, which is told by naming no alarm.
          case UNRECOGNIZED -> Answer.now(new Answer.Done<>(List.of()));
        };
    return Answer.map(
        alarms,
        all ->
            AlarmResponse.newBuilder()
                .setHeader(headers.of(requests.status().revision()))
                .addAllAlarms(all.stream().map(MaintenanceService::message).toList())
                .build());
  }

  private CompletableFuture<Answer<List<Alarm>>> alarms(
      Caller caller, AlarmCommand.Action action, AlarmRequest request) {
    return requests
        .alarms()
        .carryOut(caller, new AlarmCommand(action, request.getMemberID(), request.getAlarmValue()));
  }

  private static AlarmMember message(Alarm alarm) {
    return AlarmMember.newBuilder()
        .setMemberID(alarm.memberId())
        .setAlarmValue(alarm.type())
        .build();
  }

  private CompletableFuture<Answer<DefragmentResponse>> defragment(
      Caller caller, DefragmentRequest request) {
    return Answer.map(
        requests.defragmentation().now(caller), done -> DefragmentResponse.getDefaultInstance());
  }

  private CompletableFuture<Answer<HashResponse>> hash(Caller caller, HashRequest request) {
    return Answer.map(
        requests.hashes().whole(caller),
        hash ->
            HashResponse.newBuilder()
                .setHeader(headers.of(requests.status().revision()))
                .setHash(hash)
                .build());
  }

  private CompletableFuture<Answer<HashKVResponse>> hashKv(Caller caller, HashKVRequest request) {
    return Answer.map(requests.hashes().history(caller, request.getRevision()), this::hashKv);
  }

  private HashKVResponse hashKv(KeyspaceResult.Hash hash) {
    return HashKVResponse.newBuilder()
        .setHeader(headers.of(hash.revision()))
        .setHash(hash.hash())
        .setCompactRevision(hash.compactRevision())
        .setHashRevision(hash.hashRevision())
        .build();
  }

  private CompletableFuture<Answer<MoveLeaderResponse>> moveLeader(
      Caller caller, MoveLeaderRequest request) {
    return Answer.map(
        requests.leadership().to(caller, new MemberId(request.getTargetID())),
        leader -> MoveLeaderResponse.getDefaultInstance());
  }

  private CompletableFuture<Answer<DowngradeResponse>> downgrade(
      Caller caller, DowngradeRequest request) {
    CompletableFuture<Answer<String>> version =
        switch (request.getAction()) {
          case VALIDATE -> requests.downgrade().validate(caller, request.getVersion());
          case ENABLE -> requests.downgrade().enable(caller, request.getVersion());
          case CANCEL -> requests.downgrade().cancel(caller);
          case UNRECOGNIZED -> Answer.now(new Answer.Failed<>("etcdserver: unknown method", false));
        };
    return Answer.map(
        version,
        cluster ->
            DowngradeResponse.newBuilder()
                .setHeader(headers.of(requests.status().revision()))
                .setVersion(
                    cluster.endsWith(".0") ? cluster.substring(0, cluster.length() - 2) : cluster)
                .build());
  }
}
