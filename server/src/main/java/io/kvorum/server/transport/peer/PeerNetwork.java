// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.env.Clock;
import io.kvorum.raft.Message;
import io.kvorum.server.consensus.PeerInbox;
import io.kvorum.server.consensus.PeerTransport;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.observe.Sparingly;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All other members, as far as the network goes.
 *
 * <p>Owned by one event loop: the Vert.x instance given here must have exactly one. Sending and the
 * facts may be asked for from any thread.
 */
public final class PeerNetwork implements PeerTransport {

  private static final Logger LOG = LoggerFactory.getLogger(PeerNetwork.class);
  private static final long HEARTBEAT_MILLIS = 5_000 / 3;
  private static final int CONNECTIONS_PER_PEER = 16;

  /** Senders remembered by their URLs alone; there are never that many members to come. */
  private static final int REMOTES_MAX = 64;

  private final PeerLoop loop;
  private final PeerIdentity identity;
  private final Runnable removed;
  private final BooleanSupplier treeInUse;
  private final OpenBodies bodies = new OpenBodies();
  private final Map<Long, Peer> peers = new ConcurrentHashMap<>();
  private volatile Set<Long> removedIds = Set.of();
  private @Nullable PeerInbox inbox;
  private volatile boolean stopped;
  private long beats = -1;

  /** Another member and where to reach it. */
  public record Address(long id, List<String> peerUrls) {}

  /**
   * @param vertx with one event loop, used by nothing else that blocks it
   * @param connectTime how long a connection may take to come up
   * @param treeInUse whether there is anything in the v2 tree that genuine members of 3.6 and later
   *     do not survive; such a member is then kept at a distance. Any thread
   * @param removed is called when a peer says that this member was removed for good
   */
  public PeerNetwork(
      Vertx vertx,
      Clock clock,
      PeerIdentity identity,
      Duration connectTime,
      BooleanSupplier treeInUse,
      Runnable removed) {
    this.treeInUse = treeInUse;
    this.identity = identity;
    this.removed = removed;
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setConnectTimeout((int) connectTime.toMillis())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setKeepAlive(true)
            .setDecompressionSupported(false);
    loop =
        new PeerLoop(
            vertx,
            vertx
                .httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_PEER))
                // Who uses a connection hears of its end; nobody else has to.
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                .build(),
            clock,
            new Sparingly(clock));
  }

  /** Begins to deliver; before, nothing is dialled and nothing accepted. */
  public void start(PeerInbox deliverTo) {
    loop.vertx()
        .runOnContext(
            ignored -> {
              inbox = deliverTo;
              beats = loop.vertx().setPeriodic(HEARTBEAT_MILLIS, timer -> beat());
            });
  }

  /** On the event loop: what is due now and then on every connection. */
  void beat() {
    long now = loop.clock().monotonicNanos();
    for (Peer peer : peers.values()) {
      peer.heartbeat(now);
      peer.checkSilence(now);
    }
    bodies.cutStalled(now);
  }

  /** The membership is now this. From any thread. */
  public void update(List<Address> others, Set<Long> removedMembers) {
    loop.vertx().runOnContext(ignored -> replace(others, removedMembers));
  }

  private void replace(List<Address> others, Set<Long> removedMembers) {
    if (stopped) {
      return;
    }
    removedIds = removedMembers;
    for (Long id : List.copyOf(peers.keySet())) {
      Peer peer = peers.get(id);
      boolean gone = others.stream().noneMatch(address -> address.id() == id);
      if (peer != null && gone && (!peer.isRemote() || removedMembers.contains(id))) {
        peers.remove(id);
        peer.stop();
      }
    }
    others.forEach(this::adopt);
  }

  private void adopt(Address address) {
    Peer known = peers.get(address.id());
    if (known != null && !known.isRemote() && known.hasUrls(address.peerUrls())) {
      return;
    }
    Peer peer = newPeer(address.id(), address.peerUrls(), false);
    peers.put(address.id(), peer);
    if (known != null) {
      known.giveWayTo(peer);
    }
    peer.start();
  }

  /** Remembers a sender that is no member as far as this member knows. On the event loop. */
  void adoptRemote(long id, List<String> peerUrls) {
    boolean known = peers.containsKey(id) || id == identity.member().value();
    long remotes = peers.values().stream().filter(Peer::isRemote).count();
    if (!known && !removedIds.contains(id) && remotes < REMOTES_MAX && !stopped) {
      peers.put(id, newPeer(id, peerUrls, true));
    }
  }

  private Peer newPeer(long id, List<String> peerUrls, boolean remote) {
    return new Peer(
        new Peer.Place(id, peerUrls, remote), loop, identity, inbox(), treeInUse, removed);
  }

  @Nullable Peer member(long id) {
    Peer peer = peers.get(id);
    return peer == null || peer.isRemote() ? null : peer;
  }

  boolean isRemoved(long id) {
    return removedIds.contains(id);
  }

  PeerInbox inbox() {
    PeerInbox now = inbox;
    if (now == null) {
      throw new IllegalStateException("peer network: not started");
    }
    return now;
  }

  OpenBodies bodies() {
    return bodies;
  }

  /**
   * Takes note of the release of who comes; says why it can not stay, if so. etcd's joining members
   * know this text.
   */
  Optional<String> meet(MultiMap headers) {
    PeerIdentity.Acquaintance acquaintance = PeerIdentity.Acquaintance.of(headers);
    Optional<String> release = acquaintance.releaseWithoutV2();
    String from = headers.get(PeerIdentity.FROM);
    Peer peer = from == null ? null : peers.get(PeerApi.id(from));
    if (peer != null) {
      peer.meet(acquaintance);
    }
    return release.isPresent() && treeInUse.getAsBoolean()
        ? Optional.of("incompatible version")
        : Optional.empty();
  }

  /** What the members met are. */
  public enum Company {
    /** Each of them is a member of ours, or there is none. */
    OURS,
    /** At least one was not met since this member started, and no genuine one was. */
    NOT_ALL_MET,
    /** At least one is a genuine etcd. */
    GENUINE_TOO
  }

  /** What the other members are, as far as they were met. Any thread. */
  public Company company() {
    Company company = Company.OURS;
    for (Peer peer : peers.values()) {
      if (!peer.isRemote()) {
        Optional<Boolean> ours = peer.isOurs();
        if (ours.isPresent() && !ours.get()) {
          return Company.GENUINE_TOO;
        }
        company = ours.isEmpty() ? Company.NOT_ALL_MET : company;
      }
    }
    return company;
  }

  /** A genuine member that does not survive v2 writes. */
  public record WithoutV2(long id, String release) {}

  /** One of the members met that does not survive v2 writes. Any thread. */
  public Optional<WithoutV2> memberWithoutV2() {
    return peers.values().stream()
        .filter(peer -> !peer.isRemote())
        .flatMap(peer -> peer.releaseWithoutV2().stream().map(is -> new WithoutV2(peer.id(), is)))
        .findAny();
  }

  /** A line about what a request did wrong; {@code request} was refused. */
  void complain(String problem, HttpServerRequest request) {
    loop.complaints()
        .say(
            others ->
                LOG.atWarn()
                    .addKeyValue("remote-addr", request.remoteAddress())
                    .addKeyValue("remote-peer-id", request.getHeader(PeerIdentity.FROM))
                    .addKeyValue("path", request.path())
                    .addKeyValue("not-logged-since", others)
                    .log(problem));
  }

  boolean isStarted() {
    return inbox != null && !stopped;
  }

  PeerIdentity identity() {
    return identity;
  }

  Instant now() {
    long nanos = loop.clock().unixNanos();
    return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
  }

  Clock clock() {
    return loop.clock();
  }

  Vertx vertx() {
    return loop.vertx();
  }

  @Override
  public void send(List<Message> messages) {
    for (Message message : messages) {
      Peer peer = peers.get(message.to());
      if (peer != null && !removedIds.contains(message.to())) {
        peer.send(message);
      }
    }
  }

  @Override
  public void sendSnapshot(Message.InstallSnapshot message, StateForPeer state) {
    loop.vertx()
        .runOnContext(
            ignored -> {
              Peer peer = peers.get(message.to());
              if (peer == null) {
                state.close();
                inbox().snapshotSent(message.to(), false);
              } else {
                peer.sendSnapshot(message, state);
              }
            });
  }

  @Override
  public long activeSince(long id) {
    Peer peer = peers.get(id);
    return peer == null ? -1 : peer.activeSince();
  }

  /** How many other members can reach this one now. Any thread. */
  public long activePeers() {
    return peers.values().stream().filter(peer -> peer.activeSince() >= 0).count();
  }

  /** Ends all streams, cuts what is under way. From any thread. */
  public void stop() {
    stopped = true;
    loop.vertx()
        .runOnContext(
            ignored -> {
              loop.vertx().cancelTimer(beats);
              peers.values().forEach(Peer::stop);
              peers.clear();
              loop.client().close();
            });
  }
}
