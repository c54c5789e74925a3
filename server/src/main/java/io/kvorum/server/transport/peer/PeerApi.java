// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftWire;
import io.kvorum.server.consensus.SnapshotReceipt;
import io.kvorum.server.transport.net.DateHeader;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The peer port. Routes, order of checks, statuses and texts: the peer protocol of etcd 3.4,
 * recorded.
 */
public final class PeerApi implements Handler<HttpServerRequest> {

  private static final String STREAM = "/raft/stream/";
  private static final DateTimeFormatter NOW =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final PeerNetwork network;
  private final DateHeader date;
  private final Supplier<Bytes> members;
  private final Supplier<Bytes> version;
  private final List<PeerEndpoint> endpoints;

  /**
   * @param members the body of {@code /members}, newline included
   * @param version the body of {@code /version}
   * @param endpoints what members ask each other besides
   */
  public PeerApi(
      PeerNetwork network,
      Supplier<Bytes> members,
      Supplier<Bytes> version,
      List<PeerEndpoint> endpoints) {
    this.endpoints = List.copyOf(endpoints);
    this.network = network;
    this.date = new DateHeader(network.clock());
    this.members = members;
    this.version = version;
  }

  @Override
  public void handle(HttpServerRequest request) {
    request.response().putHeader("Date", date.now());
    if (request.headers().contains(PeerIdentity.PRODUCT)) {
      // Among ourselves only: whoever else asks sees nothing but etcd's own headers.
      request.response().putHeader(PeerIdentity.PRODUCT, network.identity().product());
    }
    String path = request.path();
    switch (path) {
      case "/members" -> {
        if (allows(request, "GET")) {
          request.response().putHeader(PeerIdentity.CLUSTER_ID, network.identity().cluster().hex());
          json(request.response(), members.get());
        }
      }
      case "/version" -> {
        if (allows(request, "GET")) {
          json(request.response(), version.get());
        }
      }
      case "/raft/probing" -> probing(request.response());
      case "/raft" -> {
        if (allows(request, "POST") && accepts(request)) {
          new BodyInHand(request, network).gather(body -> message(request, body));
        }
      }
      case "/raft/snapshot" -> {
        if (allows(request, "POST") && accepts(request)) {
          snapshot(request);
        }
      }
      default -> {
        if (path != null && path.startsWith(STREAM)) {
          if (allows(request, "GET")) {
            request.response().putHeader(PeerIdentity.VERSION, network.identity().version());
            if (accepts(request)) {
              stream(request, path.substring(STREAM.length()));
            }
          }
        } else {
          ask(request, path == null ? "" : path);
        }
      }
    }
  }

  private void ask(HttpServerRequest request, String path) {
    for (PeerEndpoint endpoint : endpoints) {
      if (endpoint.serves(path)) {
        if (allows(request, endpoint.method())) {
          request.response().putHeader(PeerIdentity.CLUSTER_ID, network.identity().cluster().hex());
          endpoint.handler().handle(request);
        }
        return;
      }
    }
    text(request.response(), 404, "404 page not found");
  }

  private static boolean allows(HttpServerRequest request, String method) {
    if (request.method().name().equals(method)) {
      return true;
    }
    request.response().putHeader("Allow", method);
    text(request.response(), 405, "Method Not Allowed");
    return false;
  }

  /** The checks that every raft request has to pass. */
  private boolean accepts(HttpServerRequest request) {
    request.response().putHeader(PeerIdentity.CLUSTER_ID, network.identity().cluster().hex());
    if (!network.isStarted()) {
      text(request.response(), 503, "member is starting or stopping");
      return false;
    }
    Optional<String> objection =
        network.identity().objection(request.headers()).or(() -> network.meet(request.headers()));
    objection.ifPresent(
        reason -> {
          network.complain("refusing a peer: " + reason, request);
          text(request.response(), 412, reason);
        });
    return objection.isEmpty();
  }

  private void message(HttpServerRequest request, Buffer body) {
    Optional<RaftWire.Decoded> decoded;
    try {
      decoded = RaftWire.decodeMessage(Bytes.wrap(body.getBytes()));
    } catch (MalformedProto malformed) {
      network.complain("refusing what is no raft message: " + malformed.getMessage(), request);
      text(request.response(), 400, "error unmarshalling raft message");
      return;
    }
    if (decoded.isPresent() && !decoded.get().isLinkHeartbeat()) {
      Message message = decoded.get().message();
      if (refusesRemoved(request, message.from()) || refusesForeign(request, message)) {
        return;
      }
      rememberSender(request);
      if (message instanceof Message.InstallSnapshot) {
        // Its database can only come by the other way, and without it something would be missing.
        text(request.response(), 500, "error processing raft message");
        return;
      }
      network.inbox().received(message);
    }
    request.response().setStatusCode(204).end();
  }

  private boolean refusesRemoved(HttpServerRequest request, long from) {
    if (!network.isRemoved(from)) {
      return false;
    }
    request
        .response()
        .setStatusCode(403)
        .putHeader("Content-Type", "application/json")
        .end("{\"message\":\"cannot process message from removed member\"}");
    return true;
  }

  /** etcd leaves it to raft what to make of another's words; here nobody gets to say them. */
  private boolean refusesForeign(HttpServerRequest request, Message message) {
    String sender = request.getHeader(PeerIdentity.FROM);
    boolean own =
        message.to() == network.identity().member().value()
            && (sender == null || SenderCheck.maySend(id(sender), message));
    if (!own) {
      network.complain("refusing a message of somebody else or for somebody else", request);
      text(request.response(), 400, "raft message from or to another member");
    }
    return !own;
  }

  /** 0, which is nobody's, for what is no id. */
  static long id(String hex) {
    try {
      return Long.parseUnsignedLong(hex, 16);
    } catch (NumberFormatException malformed) {
      return 0;
    }
  }

  private void snapshot(HttpServerRequest request) {
    new SnapshotBody(
            request,
            network,
            new SnapshotBody.Reader() {
              @Override
              public @Nullable SnapshotReceipt begin(Bytes message) {
                return snapshot(request, message);
              }

              @Override
              public void malformed(String reason) {
                text(request.response(), 400, "failed to decode raft message (" + reason + ")");
              }

              @Override
              public void done(boolean kept) {
                if (kept) {
                  request.response().setStatusCode(204).end();
                } else {
                  text(request.response(), 500, "failed to save KV snapshot (not kept)");
                }
              }
            })
        .read();
  }

  private @Nullable SnapshotReceipt snapshot(HttpServerRequest request, Bytes body) {
    Optional<RaftWire.Decoded> decoded;
    try {
      decoded = RaftWire.decodeMessage(body);
    } catch (MalformedProto malformed) {
      text(
          request.response(),
          400,
          "failed to decode raft message (" + malformed.getMessage() + ")");
      return null;
    }
    if (decoded.isEmpty()
        || !(decoded.get().message() instanceof Message.InstallSnapshot install)) {
      text(request.response(), 400, "wrong raft message type");
      return null;
    }
    if (refusesRemoved(request, install.from()) || refusesForeign(request, install)) {
      return null;
    }
    rememberSender(request);
    return network.inbox().receiveSnapshot(install, decoded.get().snapshotData());
  }

  /** Order of checks as recorded: kind, id, removed, unknown, meant for somebody else. */
  private void stream(HttpServerRequest request, String rest) {
    int slash = rest.lastIndexOf('/');
    String kind = slash < 0 ? "" : rest.substring(0, slash);
    if (!kind.equals("message") && !kind.equals("msgapp")) {
      text(request.response(), 404, "invalid path");
      return;
    }
    String hex = rest.substring(slash + 1);
    long from = id(hex);
    if (from == 0 || hex.startsWith("+")) {
      text(request.response(), 404, "invalid from");
      return;
    }
    if (network.isRemoved(from)) {
      text(request.response(), 410, "removed member");
      return;
    }
    Peer peer = network.member(from);
    if (peer == null) {
      rememberSender(request);
      text(request.response(), 404, "error sender not found");
      return;
    }
    String wanted = request.getHeader(PeerIdentity.RAFT_TO);
    if (!network.identity().member().hex().equals(wanted)) {
      text(request.response(), 412, "to field mismatch");
      return;
    }
    attach(request, peer, kind);
  }

  private static void attach(HttpServerRequest request, Peer peer, String kind) {
    HttpServerResponse response = request.response();
    response.setChunked(true);
    response.writeHead();
    FrameWriter frames =
        kind.equals("msgapp") ? new FrameWriter.Appends() : new FrameWriter.Messages();
    OutStream stream = new OutStream(request.connection(), response, frames);
    response.closeHandler(closed -> peer.detach(stream));
    response.exceptionHandler(failure -> peer.detach(stream));
    peer.attach(kind, stream);
  }

  /** A sender this member does not know yet may be a member it has not heard of. */
  private void rememberSender(HttpServerRequest request) {
    String from = request.getHeader(PeerIdentity.FROM);
    String urls = request.getHeader(PeerIdentity.PEER_URLS);
    if (from != null && urls != null) {
      try {
        List<String> dialled = List.of(urls.split(",", -1));
        dialled.forEach(PeerApi::requireDialable);
        network.adoptRemote(Long.parseUnsignedLong(from, 16), dialled);
      } catch (IllegalArgumentException malformed) {
        // A sender that can not say its name or its place is not remembered; its message was still
        // a message.
        return;
      }
    }
  }

  /** Throws {@link IllegalArgumentException} for what the HTTP client could not dial. */
  private static void requireDialable(String url) {
    URI uri = URI.create(url);
    if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
      throw new IllegalArgumentException("peer URL " + url + ": expected http://host:port");
    }
  }

  private void probing(HttpServerResponse response) {
    Instant now = network.now();
    response
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end("{\"OK\":true,\"Now\":\"" + NOW.format(now) + "\"}\n");
  }

  static void json(HttpServerResponse response, Bytes body) {
    response.putHeader("Content-Type", "application/json").end(Buffer.buffer(body.toArray()));
  }

  static void text(HttpServerResponse response, int status, String text) {
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(text + "\n");
  }
}
