// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.ComputeHashes;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;

/**
 * {@code GET /members/hashkv}, with the revision in its body: how a leader compares what members
 * hold. Form, statuses and texts: etcd 3.4 to 3.7.
 */
public final class HashByPeer {
  private static final String PATH = "/members/hashkv";
  private static final String COMPACTED = "mvcc: required revision has been compacted";
  private static final String FUTURE = "mvcc: required revision is a future revision";

  private HashByPeer() {}

  /** Serves it from {@code hashes}. */
  public static PeerEndpoint endpoint(PeerNetwork network, ComputeHashes hashes) {
    return new PeerEndpoint(PATH, "GET", request -> serve(request, network, hashes));
  }

  private static void serve(HttpServerRequest request, PeerNetwork network, ComputeHashes hashes) {
    boolean foreign =
        request.headers().contains(PeerIdentity.CLUSTER_ID)
            && !network.identity().isOwnCluster(request.headers());
    if (foreign) {
      PeerApi.text(request.response(), 412, "cluster ID mismatch");
    } else {
      new BodyInHand(request, network).gather(body -> hash(request, body, hashes));
    }
  }

  private static void hash(HttpServerRequest request, Buffer body, ComputeHashes hashes) {
    long revision;
    try {
      revision = revision(Bytes.wrap(body.getBytes()));
    } catch (MalformedJson malformed) {
      PeerApi.text(request.response(), 400, "error unmarshalling request");
      return;
    }
    Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    var unused =
        hashes
            .history(revision)
            .exceptionally(broken -> new Answer.Failed<>(broken.toString(), false))
            .thenAccept(answer -> loop.runOnContext(ignored -> tell(request, answer)));
  }

  private static long revision(Bytes body) {
    JsonReader json = new JsonReader(body);
    long revision = 0;
    json.beginObject();
    while (json.nextMember()) {
      if (json.name().equals("revision")) {
        revision = json.signed();
      } else {
        json.skip();
      }
    }
    return revision;
  }

  private static void tell(HttpServerRequest request, Answer<KeyspaceResult.Hash> answer) {
    switch (answer) {
      case Answer.Done<KeyspaceResult.Hash>(var hash) ->
          PeerApi.json(request.response(), json(hash));
      case Answer.Refused<KeyspaceResult.Hash>(Refusal.Keyspace(var reason)) ->
          PeerApi.text(
              request.response(),
              400,
              reason == Refusal.Keyspace.Reason.COMPACTED ? COMPACTED : FUTURE);
      case Answer.Refused<KeyspaceResult.Hash>(var refusal) ->
          PeerApi.text(request.response(), 500, refusal.toString());
      case Answer.Failed<KeyspaceResult.Hash>(var reason, var mayHaveHappened) ->
          PeerApi.text(request.response(), 500, reason);
      case Answer.Denied<KeyspaceResult.Hash> denied ->
          PeerApi.text(request.response(), 500, "permission denied");
    }
  }

  private static Bytes json(KeyspaceResult.Hash hash) {
    GoJson json = new GoJson().beginObject();
    json.name("header").beginObject().name("revision").value(hash.revision()).endObject();
    if (hash.hash() != 0) {
      json.name("hash").value(Integer.toUnsignedLong(hash.hash()));
    }
    json.name("compact_revision").value(hash.compactRevision());
    return json.name("hash_revision").value(hash.hashRevision()).endObject().toBytes();
  }
}
