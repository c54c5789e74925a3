// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.api.v3electionpb.CampaignRequest;
import io.kvorum.api.v3electionpb.LeaderKey;
import io.kvorum.api.v3electionpb.LeaderRequest;
import io.kvorum.api.v3electionpb.ProclaimRequest;
import io.kvorum.api.v3electionpb.ResignRequest;
import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.recipe.HoldElections;
import io.kvorum.server.recipe.HoldElections.Leader;
import io.kvorum.server.recipe.Observation;
import io.kvorum.server.recipe.Place;
import io.kvorum.server.request.Answer;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import io.kvorum.server.transport.net.RpcMethod;
import io.kvorum.server.transport.net.RpcMethods;

/** etcd's v3election service. */
public final class ElectionService {
  private static final String SERVICE = "v3electionpb.Election";
  private static final RpcFault LEADER_MISSING =
      new RpcFault(RpcCode.UNKNOWN, "\"leader\" field must be provided");

  private final HoldElections elections;
  private final Headers headers;
  private final Gate gate;

  public ElectionService(HoldElections elections, Headers headers, Gate gate) {
    this.elections = elections;
    this.headers = headers;
    this.gate = gate;
  }

  /** Adds the service. */
  public void register(RpcMethods methods) {
    methods
        .with(SERVICE, "Campaign", RpcMethod.lasting(gate.unary(RpcMethod.unary(this::campaign))))
        .with(SERVICE, "Proclaim", gate.unary(RpcMethod.unary(this::proclaim)))
        .with(SERVICE, "Leader", gate.unary(RpcMethod.unary(this::leader)))
        .with(SERVICE, "Observe", gate.lasting(RpcMethod.unary(this::observe)))
        .with(SERVICE, "Resign", gate.unary(RpcMethod.unary(this::resign)));
  }

  private void campaign(RpcCall call, Bytes message) {
    CampaignRequest request = MessageMethod.parsed(CampaignRequest.parser(), message);
    RecipeCalls.finish(
        call,
        elections.campaign(
            Gate.caller(call),
            RecipeCalls.bytes(request.getName()),
            request.getLease(),
            RecipeCalls.bytes(request.getValue()),
            call::onClosed,
            call::later),
        this::elected);
  }

  private Bytes elected(Place place) {
    var out = new ProtoWriter();
    headers.write(out, place.revision());
    int mark = out.begin(2);
    out.bytes(1, place.name());
    out.bytes(2, place.key());
    out.uint64(3, place.created());
    out.uint64(4, place.lease());
    out.end(mark);
    return out.toBytes();
  }

  private void proclaim(RpcCall call, Bytes message) {
    ProclaimRequest request = MessageMethod.parsed(ProclaimRequest.parser(), message);
    if (!request.hasLeader()) {
      call.fail(LEADER_MISSING);
      return;
    }
    LeaderKey leader = request.getLeader();
    RecipeCalls.finish(
        call,
        elections.proclaim(
            Gate.caller(call),
            RecipeCalls.bytes(leader.getKey()),
            leader.getRev(),
            leader.getLease(),
            RecipeCalls.bytes(request.getValue()),
            call::later),
        result -> header(result.revision()));
  }

  private void resign(RpcCall call, Bytes message) {
    ResignRequest request = MessageMethod.parsed(ResignRequest.parser(), message);
    if (!request.hasLeader()) {
      call.fail(LEADER_MISSING);
      return;
    }
    LeaderKey leader = request.getLeader();
    RecipeCalls.finish(
        call,
        elections.resign(
            Gate.caller(call), RecipeCalls.bytes(leader.getKey()), leader.getRev(), call::later),
        result -> header(result.revision()));
  }

  private Bytes header(long revision) {
    var out = new ProtoWriter();
    headers.write(out, revision);
    return out.toBytes();
  }

  private void leader(RpcCall call, Bytes message) {
    LeaderRequest request = MessageMethod.parsed(LeaderRequest.parser(), message);
    RecipeCalls.finish(
        call,
        elections.leader(Gate.caller(call), RecipeCalls.bytes(request.getName()), call::later),
        this::leads);
  }

  private Bytes leads(Leader leader) {
    var out = new ProtoWriter();
    headers.write(out, leader.revision());
    out.bytesAlways(2, leader.kv().encoded());
    return out.toBytes();
  }

  private void observe(RpcCall call, Bytes message) {
    LeaderRequest request = MessageMethod.parsed(LeaderRequest.parser(), message);
    Observing observer = new Observing(call);
    Observation observation =
        elections.observe(
            Gate.caller(call), RecipeCalls.bytes(request.getName()), observer, call::later);
    observer.more = observation::goOn;
    call.onClosed(observation::close);
    observation.look();
  }

  /** The client of an observation. */
  private final class Observing implements Observation.Observer {
    private final RpcCall call;
    private Runnable more = () -> {};
    private boolean waitsForReader;

    Observing(RpcCall call) {
      this.call = call;
    }

    @Override
    public void tell(Leader leader) {
      call.write(leads(leader));
    }

    @Override
    public void end(Answer<?> why) {
      call.fail(RecipeCalls.fault(why));
    }

    @Override
    public boolean isFull() {
      boolean full = call.isFull();
      if (full && !waitsForReader) {
        waitsForReader = true;
        call.onDrained(
            () -> {
              waitsForReader = false;
              more.run();
            });
      }
      return full;
    }
  }
}
