// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.grpc.GrpcCall;
import io.kvorum.ctl.grpc.GrpcConnection;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.grpc.RpcStatus;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.Dialer;
import io.kvorum.ctl.http.TimeLimitReached;
import io.kvorum.ctl.http.TransportFailure;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls to a cluster over one connection to one of its members. Thread-safe.
 *
 * <pre>
 *   not connected            next endpoint; after the last one a pause, until the deadline
 *   UNAVAILABLE, not sent    next endpoint
 *   UNAVAILABLE, sent        next endpoint for what only reads; else the failure: it may have happened
 *   invalid auth token       one login, then again
 *   anything else            the failure
 * </pre>
 */
public final class EtcdClient implements AutoCloseable {

  private static final int ATTEMPTS_MAX = 100;
  private static final long PAUSE_MILLIS = 25;
  private static final String API_VERSION = "3.7";

  private final List<Endpoint> endpoints;
  private final ClientSettings settings;
  private int pinned;
  private @Nullable GrpcConnection current;
  private String token;

  /** A client that is not connected yet. */
  public EtcdClient(List<Endpoint> endpoints, ClientSettings settings) {
    this.endpoints = List.copyOf(endpoints);
    this.settings = settings;
    this.token = settings.token();
  }

  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /** A client for one of the members, logged in as this one is. */
  public EtcdClient only(Endpoint endpoint) {
    EtcdClient one = new EtcdClient(List.of(endpoint), settings);
    one.token = token();
    return one;
  }

  private synchronized String token() {
    return token;
  }

  /** Until when a short command's request has to be answered. */
  public Deadline commandDeadline() {
    return Deadline.in(settings.commandNanosMax());
  }

  /**
   * Gets a token for the user of the settings; does nothing without one.
   *
   * @throws RpcFailure when user or password are wrong; not when the cluster has no users
   */
  public void login() {
    if (settings.user().isEmpty()) {
      return;
    }
    ProtoWriter request = new ProtoWriter();
    request.string(1, settings.user());
    request.string(2, settings.password());
    try {
      String fresh = exchange(Rpc.AUTHENTICATE, request.toBytes(), commandDeadline()).text(2);
      synchronized (this) {
        token = fresh;
      }
    } catch (RpcFailure e) {
      if (!e.description().equals("etcdserver: authentication is not enabled")) {
        throw e;
      }
    }
  }

  /** A short command's request. */
  public Message call(Rpc rpc, ProtoWriter request) {
    return call(rpc, request, commandDeadline());
  }

  /** One request and its answer. */
  public Message call(Rpc rpc, ProtoWriter request, Deadline deadline) {
    Bytes bytes = request.toBytes();
    if (bytes.length() > settings.sendBytesMax()) {
      throw new RpcFailure(
          RpcStatus.RESOURCE_EXHAUSTED,
          "trying to send message larger than max ("
              + bytes.length()
              + " vs. "
              + settings.sendBytesMax()
              + ")",
          false);
    }
    try {
      return exchange(rpc, bytes, deadline);
    } catch (RpcFailure e) {
      if (settings.user().isEmpty() || !e.description().contains("invalid auth token")) {
        throw e;
      }
      login();
      return exchange(rpc, bytes, deadline);
    }
  }

  private Message exchange(Rpc rpc, Bytes request, Deadline deadline) {
    for (int attempt = 1; ; attempt++) {
      try {
        GrpcCall call = start(rpc, deadline);
        call.sendLast(request);
        return Message.parse(Shape.of(rpc.answer()), call.receiveOnly());
      } catch (RpcFailure e) {
        boolean again = e.status() == RpcStatus.UNAVAILABLE && (rpc.repeatable() || !e.sent());
        if (!again || attempt == ATTEMPTS_MAX) {
          throw e;
        }
        moveOn(deadline, rpc.repeatable());
      }
    }
  }

  /** Begins a call that is a stream; who reads it deals with its end. */
  public GrpcCall open(Rpc rpc, boolean needsLeader, Deadline deadline) {
    for (int attempt = 1; ; attempt++) {
      try {
        return connection(deadline).call(rpc.path(), metadata(needsLeader), deadline);
      } catch (RpcFailure e) {
        if (e.status() != RpcStatus.UNAVAILABLE || e.sent() || attempt == ATTEMPTS_MAX) {
          throw e;
        }
        moveOn(deadline, false);
      }
    }
  }

  private GrpcCall start(Rpc rpc, Deadline deadline) {
    return connection(deadline).call(rpc.path(), metadata(false), deadline);
  }

  private List<String> metadata(boolean needsLeader) {
    List<String> metadata = new ArrayList<>(6);
    metadata.add("client-api-version");
    metadata.add(API_VERSION);
    String held = token();
    if (!held.isEmpty()) {
      metadata.add("token");
      metadata.add(held);
    }
    if (needsLeader) {
      metadata.add("hasleader");
      metadata.add("true");
    }
    return metadata;
  }

  /** The next attempt goes to the next endpoint, after a short pause. */
  public void moveOn(Deadline deadline, boolean sent) {
    GrpcConnection left;
    synchronized (this) {
      left = current;
      current = null;
      pinned = (pinned + 1) % endpoints.size();
    }
    if (left != null) {
      left.close();
    }
    pause(deadline, sent);
  }

  private static void pause(Deadline deadline, boolean sent) {
    if (deadline.isOver()) {
      throw RpcFailure.deadline(sent);
    }
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RpcFailure(RpcStatus.CANCELLED, "context canceled", sent);
    }
  }

  private synchronized GrpcConnection connection(Deadline deadline) {
    if (current != null && current.isOpen()) {
      return current;
    }
    // Who waits for ever for an answer still wants to hear that nobody is there.
    Deadline limit = deadline.never() ? commandDeadline() : deadline;
    for (; ; ) {
      for (int i = 0; i < endpoints.size(); i++) {
        int index = (pinned + i) % endpoints.size();
        GrpcConnection made = connect(endpoints.get(index), limit);
        if (made != null) {
          pinned = index;
          current = made;
          return made;
        }
      }
      pause(limit, false);
    }
  }

  private @Nullable GrpcConnection connect(Endpoint endpoint, Deadline limit) {
    try {
      return GrpcConnection.over(
          Dialer.connect(endpoint.url(), limit, Deadline.in(settings.dialNanosMax())),
          endpoint.url().authority(),
          settings.keepalive(),
          settings.receiveBytesMax());
    } catch (TransportFailure e) {
      return null;
    } catch (TimeLimitReached e) {
      throw RpcFailure.deadline(false);
    }
  }

  @Override
  public synchronized void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
