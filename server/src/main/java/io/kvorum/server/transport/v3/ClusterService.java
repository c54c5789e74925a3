// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.kvorum.api.etcdserverpb.Member;
import io.kvorum.api.etcdserverpb.MemberAddRequest;
import io.kvorum.api.etcdserverpb.MemberAddResponse;
import io.kvorum.api.etcdserverpb.MemberListRequest;
import io.kvorum.api.etcdserverpb.MemberListResponse;
import io.kvorum.api.etcdserverpb.MemberPromoteRequest;
import io.kvorum.api.etcdserverpb.MemberPromoteResponse;
import io.kvorum.api.etcdserverpb.MemberRemoveRequest;
import io.kvorum.api.etcdserverpb.MemberRemoveResponse;
import io.kvorum.api.etcdserverpb.MemberUpdateRequest;
import io.kvorum.api.etcdserverpb.MemberUpdateResponse;
import io.kvorum.base.MemberId;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.MemberEntry;
import io.kvorum.server.request.ReconfigureCluster;
import io.kvorum.server.transport.net.RpcMethods;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** etcd's Cluster service. Its answers carry no revision. */
public final class ClusterService {
  private static final String SERVICE = "etcdserverpb.Cluster";

  private final ReconfigureCluster cluster;
  private final Headers headers;
  private final Gate gate;

  public ClusterService(ReconfigureCluster cluster, Headers headers, Gate gate) {
    this.cluster = cluster;
    this.headers = headers;
    this.gate = gate;
  }

  /** Adds the service. */
  public void register(RpcMethods methods) {
    add(methods, "MemberAdd", MemberAddRequest.parser(), this::add);
    add(methods, "MemberRemove", MemberRemoveRequest.parser(), this::remove);
    add(methods, "MemberUpdate", MemberUpdateRequest.parser(), this::update);
    add(methods, "MemberPromote", MemberPromoteRequest.parser(), this::promote);
    add(methods, "MemberList", MemberListRequest.parser(), this::list);
  }

  private <Q extends Message, A extends Message> void add(
      RpcMethods methods, String name, Parser<Q> parser, MessageMethod.Use<Q, A> use) {
    methods.with(SERVICE, name, gate.unary(MessageMethod.unary(parser, use)));
  }

  private CompletableFuture<Answer<MemberAddResponse>> add(
      Caller caller, MemberAddRequest request) {
    return Answer.map(
        cluster.add(caller, request.getPeerURLsList(), request.getIsLearner()),
        added ->
            MemberAddResponse.newBuilder()
                .setHeader(headers.withoutRevision())
                .setMember(member(added.member()))
                .addAllMembers(members(added.all()))
                .build());
  }

  private CompletableFuture<Answer<MemberRemoveResponse>> remove(
      Caller caller, MemberRemoveRequest request) {
    return Answer.map(
        cluster.remove(caller, new MemberId(request.getID())),
        all ->
            MemberRemoveResponse.newBuilder()
                .setHeader(headers.withoutRevision())
                .addAllMembers(members(all))
                .build());
  }

  private CompletableFuture<Answer<MemberUpdateResponse>> update(
      Caller caller, MemberUpdateRequest request) {
    return Answer.map(
        cluster.update(caller, new MemberId(request.getID()), request.getPeerURLsList()),
        all ->
            MemberUpdateResponse.newBuilder()
                .setHeader(headers.withoutRevision())
                .addAllMembers(members(all))
                .build());
  }

  private CompletableFuture<Answer<MemberPromoteResponse>> promote(
      Caller caller, MemberPromoteRequest request) {
    return Answer.map(
        cluster.promote(caller, new MemberId(request.getID())),
        all ->
            MemberPromoteResponse.newBuilder()
                .setHeader(headers.withoutRevision())
                .addAllMembers(members(all))
                .build());
  }

  private CompletableFuture<Answer<MemberListResponse>> list(
      Caller caller, MemberListRequest request) {
    return Answer.map(
        cluster.list(caller, request.getLinearizable()),
        all ->
            MemberListResponse.newBuilder()
                .setHeader(headers.withoutRevision())
                .addAllMembers(members(all))
                .build());
  }

  private static List<Member> members(List<MemberEntry> entries) {
    return entries.stream().map(ClusterService::member).toList();
  }

  private static Member member(MemberEntry entry) {
    return Member.newBuilder()
        .setID(entry.id().value())
        .setName(entry.name())
        .addAllPeerURLs(entry.peerUrls())
        .addAllClientURLs(entry.clientUrls())
        .setIsLearner(entry.learner())
        .build();
  }
}
