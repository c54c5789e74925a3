// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.kvorum.api.etcdserverpb.LeaseGrantRequest;
import io.kvorum.api.etcdserverpb.LeaseGrantResponse;
import io.kvorum.api.etcdserverpb.LeaseLeasesRequest;
import io.kvorum.api.etcdserverpb.LeaseLeasesResponse;
import io.kvorum.api.etcdserverpb.LeaseRevokeRequest;
import io.kvorum.api.etcdserverpb.LeaseRevokeResponse;
import io.kvorum.api.etcdserverpb.LeaseStatus;
import io.kvorum.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.kvorum.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.kvorum.server.command.LeaseResult;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.ChangeLeases;
import io.kvorum.server.request.KeepLeases;
import io.kvorum.server.request.LeaseTime;
import io.kvorum.server.transport.net.RpcMethods;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** etcd's Lease service. */
public final class LeaseService {
  private static final String SERVICE = "etcdserverpb.Lease";

  private final ChangeLeases changing;
  private final KeepLeases keeping;
  private final LongSupplier revision;
  private final Headers headers;
  private final Gate gate;

  /**
   * @param revision the keyspace's, as readers see it now
   */
  public LeaseService(
      ChangeLeases changing,
      KeepLeases keeping,
      LongSupplier revision,
      Headers headers,
      Gate gate) {
    this.changing = changing;
    this.keeping = keeping;
    this.revision = revision;
    this.headers = headers;
    this.gate = gate;
  }

  /** Adds the service. */
  public void register(RpcMethods methods) {
    add(methods, "LeaseGrant", LeaseGrantRequest.parser(), this::grant);
    add(methods, "LeaseRevoke", LeaseRevokeRequest.parser(), this::revoke);
    add(methods, "LeaseTimeToLive", LeaseTimeToLiveRequest.parser(), this::timeToLive);
    add(methods, "LeaseLeases", LeaseLeasesRequest.parser(), this::leases);
    methods.with(
        SERVICE,
        "LeaseKeepAlive",
        gate.lasting(call -> new KeepAliveStream(keeping, revision, headers, call).serve()));
  }

  private <Q extends Message, A extends Message> void add(
      RpcMethods methods, String name, Parser<Q> parser, MessageMethod.Use<Q, A> use) {
    methods.with(SERVICE, name, gate.unary(MessageMethod.unary(parser, use)));
  }

  private CompletableFuture<Answer<LeaseGrantResponse>> grant(
      Caller caller, LeaseGrantRequest request) {
    return Answer.map(
        changing.grant(caller, request.getID(), request.getTTL()),
        result -> {
          LeaseGrantResponse.Builder response =
              LeaseGrantResponse.newBuilder().setHeader(headers.of(result.revision()));
          if (result instanceof LeaseResult.Granted granted) {
            response.setID(granted.id()).setTTL(granted.ttlSeconds());
          }
          return response.build();
        });
  }

  private CompletableFuture<Answer<LeaseRevokeResponse>> revoke(
      Caller caller, LeaseRevokeRequest request) {
    return Answer.map(
        changing.revoke(caller, request.getID()),
        result ->
            LeaseRevokeResponse.newBuilder().setHeader(headers.of(result.revision())).build());
  }

  private CompletableFuture<Answer<LeaseTimeToLiveResponse>> timeToLive(
      Caller caller, LeaseTimeToLiveRequest request) {
    return Answer.map(
        keeping.look(caller, request.getID(), request.getKeys()),
        time -> timeToLive(request.getID(), time));
  }

  private LeaseTimeToLiveResponse timeToLive(long id, Optional<LeaseTime> found) {
    LeaseTimeToLiveResponse.Builder response =
        LeaseTimeToLiveResponse.newBuilder()
            .setHeader(headers.of(revision.getAsLong()))
            .setID(id)
            .setTTL(-1);
    found.ifPresent(
        time -> {
          response.setTTL(time.remainingSeconds()).setGrantedTTL(time.grantedSeconds());
          time.keys().forEach(key -> response.addKeys(ByteString.copyFrom(key.asByteBuffer())));
        });
    return response.build();
  }

  private CompletableFuture<Answer<LeaseLeasesResponse>> leases(
      Caller caller, LeaseLeasesRequest request) {
    return Answer.map(
        keeping.all(caller),
        ids -> {
          LeaseLeasesResponse.Builder response =
              LeaseLeasesResponse.newBuilder().setHeader(headers.of(revision.getAsLong()));
          for (long id : ids) {
            response.addLeases(LeaseStatus.newBuilder().setID(id));
          }
          return response.build();
        });
  }
}
