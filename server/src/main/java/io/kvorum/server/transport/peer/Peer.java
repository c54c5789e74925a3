// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.MemberId;
import io.kvorum.raft.Message;
import io.kvorum.server.consensus.PeerInbox;
import io.kvorum.server.consensus.StateForPeer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One other member: two streams each way and a pipeline.
 *
 * <pre>
 *   appends ──▶ "msgapp" stream ┐ when it is not up: the next one to the right
 *   the rest ─▶ "message" stream ┴▶ pipeline
 * </pre>
 *
 * <p>Messages gather in an outbox and leave on the event loop, all that gathered at once.
 */
final class Peer {

  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
  private static final int OUTBOX_MAX = 4096;

  private final long id;
  private final PeerLoop loop;
  private final PeerInbox inbox;
  private final BooleanSupplier treeInUse;
  private final PeerUrlsInTurn urls;
  private final Pipeline pipeline;
  private final @Nullable InStream messagesIn;
  private final @Nullable InStream appendsIn;
  private final ConcurrentLinkedQueue<Message> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger outboxSize = new AtomicInteger();
  private final AtomicBoolean flushing = new AtomicBoolean();
  private volatile Optional<String> releaseWithoutV2 = Optional.empty();
  private volatile Optional<Boolean> ours = Optional.empty();
  private @Nullable OutStream messagesOut;
  private @Nullable OutStream appendsOut;
  private @Nullable Peer successor;

  /**
   * Who it is and where.
   *
   * @param remote whether it is only known by its URLs, not yet as a member: nothing is dialled
   */
  record Place(long id, List<String> peerUrls, boolean remote) {}

  Peer(
      Place place,
      PeerLoop loop,
      PeerIdentity identity,
      PeerInbox inbox,
      BooleanSupplier treeInUse,
      Runnable removed) {
    this.id = place.id();
    this.loop = loop;
    this.inbox = inbox;
    this.treeInUse = treeInUse;
    List<String> peerUrls = place.peerUrls();
    boolean remote = place.remote();
    urls = new PeerUrlsInTurn(peerUrls);
    pipeline =
        new Pipeline(
            loop,
            identity,
            new PeerUrlsInTurn(peerUrls),
            new Pipeline.Reports() {
              @Override
              public void lost() {
                inbox.unreachable(id);
              }

              @Override
              public void snapshotSent(boolean delivered) {
                inbox.snapshotSent(id, delivered);
              }

              @Override
              public void removed() {
                removed.run();
              }
            });
    messagesIn = remote ? null : line("message", FrameReader.Messages::new, identity, removed);
    appendsIn =
        remote
            ? null
            : line(
                "msgapp",
                () -> new FrameReader.Appends(identity.member().value(), id),
                identity,
                removed);
  }

  private InStream line(
      String kind, Supplier<FrameReader> frames, PeerIdentity identity, Runnable removed) {
    return new InStream(
        loop,
        new InStream.Line(
            kind, id, identity, frames, message -> take(message, identity), this::meet, removed),
        new PeerUrlsInTurn(urls.all()));
  }

  long id() {
    return id;
  }

  /** What it says of itself. */
  void meet(PeerIdentity.Acquaintance acquaintance) {
    Optional<String> release = acquaintance.releaseWithoutV2();
    releaseWithoutV2 = release;
    ours = Optional.of(acquaintance.ours());
    if (isKeptAway()) {
      loop.complaints()
          .say(
              others ->
                  LOG.atWarn()
                      .addKeyValue("remote-peer-id", MemberId.hex(id))
                      .addKeyValue("remote-peer-version", release.orElse(""))
                      .addKeyValue("not-logged-since", others)
                      .log(
                          "keeping a genuine etcd member away: from 3.6 on they end themselves at"
                              + " the first v2 key, and there are some"));
    }
  }

  /** The release that it said it is, if that does not survive v2 writes. Any thread. */
  Optional<String> releaseWithoutV2() {
    return releaseWithoutV2;
  }

  /** Whether it is a member of ours; empty before it was met. Any thread. */
  Optional<Boolean> isOurs() {
    return ours;
  }

  private boolean isKeptAway() {
    return releaseWithoutV2.isPresent() && treeInUse.getAsBoolean();
  }

  /** What its streams bring has to come from it and be meant for this member. */
  private void take(Message message, PeerIdentity identity) {
    if (message.to() == identity.member().value() && SenderCheck.maySend(id, message)) {
      inbox.received(message);
    } else {
      loop.complaints()
          .say(
              others ->
                  LOG.atWarn()
                      .addKeyValue("remote-peer-id", MemberId.hex(id))
                      .addKeyValue("from", MemberId.hex(message.from()))
                      .addKeyValue("to", MemberId.hex(message.to()))
                      .addKeyValue("not-logged-since", others)
                      .log("ignoring a message of somebody else or for somebody else"));
    }
  }

  void start() {
    if (messagesIn != null && appendsIn != null) {
      messagesIn.dial();
      appendsIn.dial();
    }
  }

  /** From any thread: queues a message; beyond the bound it is lost and reported. */
  void send(Message message) {
    if (outboxSize.incrementAndGet() > OUTBOX_MAX) {
      outboxSize.decrementAndGet();
      inbox.unreachable(id);
      return;
    }
    outbox.add(message);
    if (flushing.compareAndSet(false, true)) {
      loop.vertx().runOnContext(ignored -> flush());
    }
  }

  private void flush() {
    flushing.set(false);
    boolean lost = false;
    Message message;
    while ((message = outbox.poll()) != null) {
      outboxSize.decrementAndGet();
      lost |= !write(message);
    }
    flush(appendsOut);
    flush(messagesOut);
    if (lost) {
      inbox.unreachable(id);
    }
  }

  private boolean write(Message message) {
    if (successor != null) {
      successor.send(message);
      return true;
    }
    if (isKeptAway()) {
      return false;
    }
    OutStream appends = appendsOut;
    OutStream messages = messagesOut;
    if (message instanceof Message.Append && appends != null) {
      return appends.add(message);
    }
    return messages != null ? messages.add(message) : pipeline.send(message);
  }

  private static void flush(@Nullable OutStream stream) {
    if (stream != null) {
      stream.flush();
    }
  }

  void sendSnapshot(Message.InstallSnapshot message, StateForPeer state) {
    if (isKeptAway()) {
      state.close();
      inbox.snapshotSent(id, false);
    } else {
      pipeline.sendSnapshot(message, state);
    }
  }

  /** A peer came to listen; a newer connection takes the place of the older. */
  void attach(String kind, OutStream stream) {
    if (kind.equals("msgapp")) {
      close(appendsOut);
      appendsOut = stream;
    } else {
      close(messagesOut);
      messagesOut = stream;
    }
  }

  /** The connection of {@code stream} has ended. */
  void detach(OutStream stream) {
    if (appendsOut == stream) {
      appendsOut = null;
    }
    if (messagesOut == stream) {
      messagesOut = null;
    }
  }

  /** Keeps both streams out alive; one that has not moved for too long is cut. */
  void heartbeat(long now) {
    if (appendsOut != null) {
      appendsOut.heartbeat(now);
    }
    if (messagesOut != null) {
      messagesOut.heartbeat(now);
    }
  }

  void checkSilence(long now) {
    if (messagesIn != null && appendsIn != null) {
      messagesIn.checkSilence(now);
      appendsIn.checkSilence(now);
    }
  }

  /** How many of the two streams it listens to. */
  int streamsOut() {
    return (appendsOut == null ? 0 : 1) + (messagesOut == null ? 0 : 1);
  }

  boolean hasUrls(List<String> peerUrls) {
    return urls.all().equals(peerUrls);
  }

  boolean isRemote() {
    return messagesIn == null;
  }

  /** Since when (monotonic nanoseconds) its messages can reach us, -1 when they can not. */
  long activeSince() {
    return messagesIn == null ? -1 : messagesIn.activeSince();
  }

  /**
   * Ends in favour of the same member with other URLs, which sends what waits here and what whoever
   * still knows this object sends: a forwarded proposal is never sent again, so a change of
   * addresses must not lose it.
   */
  void giveWayTo(Peer next) {
    successor = next;
    stop().forEach(next::send);
    flush();
  }

  /** Ends; returns what waited for its turn. */
  List<Message> stop() {
    List<Message> unsent = pipeline.stop();
    if (messagesIn != null && appendsIn != null) {
      messagesIn.stop();
      appendsIn.stop();
    }
    close(appendsOut);
    close(messagesOut);
    appendsOut = null;
    messagesOut = null;
    return unsent;
  }

  private static void close(@Nullable OutStream stream) {
    if (stream != null) {
      stream.close();
    }
  }
}
