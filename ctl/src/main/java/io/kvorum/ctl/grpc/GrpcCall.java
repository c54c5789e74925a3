// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import io.kvorum.base.Bytes;
import io.kvorum.ctl.http.Deadline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call: messages go out and come in until the server says how it ended. Sending and receiving
 * may be done by two threads, each by one at a time.
 *
 * <p>Back-pressure: as long as the messages that nobody took are below a limit, what arrives is
 * given back to the stream's window at once; above, only when they are taken. So a message may be
 * larger than the window, and a receiver that sleeps holds the server up.
 */
public final class GrpcCall {

  private static final int QUEUE_BYTES_MAX = 4 << 20;

  private final GrpcConnection connection;
  private final int stream;
  private final Deadline deadline;
  private final MessageAssembly assembly;
  private final Deque<Bytes> queue = new ArrayDeque<>();
  private long queuedBytes;
  private int owedBytes;
  private boolean answered;

  /** Set once, under the call's monitor; read without by the sender. */
  private volatile @Nullable RpcFailure end;

  /** Guarded by the connection's monitor. */
  long sendWindow;

  GrpcCall(
      GrpcConnection connection, int stream, long sendWindow, Deadline deadline, long bytesMax) {
    this.connection = connection;
    this.stream = stream;
    this.sendWindow = sendWindow;
    this.deadline = deadline;
    this.assembly = new MessageAssembly(bytesMax);
  }

  int stream() {
    return stream;
  }

  /**
   * Sends a message; waits while the server does not want more.
   *
   * @throws RpcFailure when the call is over or the connection lost
   */
  public void send(Bytes message) {
    connection.send(this, MessageAssembly.frame(message), false, deadline);
  }

  /** Sends a message and says that it was the last one. */
  public void sendLast(Bytes message) {
    connection.send(this, MessageAssembly.frame(message), true, deadline);
  }

  /**
   * The next message; empty when the call ended well.
   *
   * @throws RpcFailure when it did not, or when the call's deadline comes first
   */
  public Optional<Bytes> receive() {
    return receive(deadline);
  }

  /** The same with a deadline of its own, which ends the call when it passes. */
  public Optional<Bytes> receive(Deadline until) {
    Bytes message = poll(until);
    if (message == null) {
      RpcFailure over = end;
      if (over == null) {
        cancel();
        throw RpcFailure.deadline(true);
      }
      if (over.status() == RpcStatus.OK) {
        return Optional.empty();
      }
      throw over;
    }
    connection.grant(this, takeGrant());
    return Optional.of(message);
  }

  /** The answer of a call that has exactly one. */
  public Bytes receiveOnly() {
    Optional<Bytes> only = receive();
    if (only.isEmpty()) {
      throw new RpcFailure(RpcStatus.INTERNAL, "the server sent no answer", true);
    }
    Optional<Bytes> more = receive();
    if (more.isPresent()) {
      cancel();
      throw new RpcFailure(RpcStatus.INTERNAL, "the server sent more than one answer", true);
    }
    return only.get();
  }

  private synchronized @Nullable Bytes poll(Deadline until) {
    while (queue.isEmpty() && end == null && !until.isOver()) {
      Waiting.on(this, until);
    }
    Bytes message = queue.poll();
    if (message != null) {
      queuedBytes -= message.length();
    }
    return message;
  }

  /** Ends the call from this side. */
  public void cancel() {
    if (finish(new RpcFailure(RpcStatus.CANCELLED, "context canceled", true))) {
      connection.reset(this);
    }
  }

  /** How the call ended; null while it has not. */
  @Nullable RpcFailure end() {
    return end;
  }

  // --- the reader's side ---

  /** Takes a part of a message; returns how much of the window to give back now. */
  int received(byte[] payload, int from, int length, int frameBytes) {
    synchronized (this) {
      owedBytes += frameBytes;
      RpcFailure fault = assembly.add(payload, from, length, this::queue);
      if (fault != null) {
        queue.clear();
        if (finish(fault)) {
          connection.reset(this);
        }
      }
    }
    return takeGrant();
  }

  private void queue(Bytes message) {
    queue.add(message);
    queuedBytes += message.length();
    notifyAll();
  }

  private synchronized int takeGrant() {
    if (queuedBytes > QUEUE_BYTES_MAX || owedBytes < GrpcConnection.STREAM_WINDOW / 2) {
      return 0;
    }
    int grant = owedBytes;
    owedBytes = 0;
    return grant;
  }

  /** Takes headers: the first ones of an answer, or with {@code last} those that end it. */
  synchronized void headers(Map<String, String> headers, boolean last) {
    String http = headers.getOrDefault(":status", "200");
    if (!answered && !http.equals("200") && !headers.containsKey("grpc-status")) {
      finish(
          new RpcFailure(
              http.equals("404") ? RpcStatus.UNIMPLEMENTED : RpcStatus.UNKNOWN,
              "unexpected HTTP status code received from server: " + http,
              true));
    } else if (last) {
      String number = headers.get("grpc-status");
      finish(
          number == null
              ? new RpcFailure(RpcStatus.INTERNAL, "the server sent no status", true)
              : new RpcFailure(
                  RpcStatus.of(number),
                  PercentText.decode(headers.getOrDefault("grpc-message", "")),
                  true));
    }
    answered = true;
  }

  /** The first end counts; returns whether this was it. */
  synchronized boolean finish(RpcFailure how) {
    if (end != null) {
      return false;
    }
    end = how;
    notifyAll();
    connection.forget(this);
    return true;
  }
}
