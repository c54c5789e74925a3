// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One call of a method, and the way to answer it, whatever carries it: messages in, messages out,
 * an end. Messages are protobuf's bytes.
 *
 * <p>Owned by the connection's event loop; only {@link #later} may be called from other threads.
 * Once the call is over, whoever ended it, everything that would answer does nothing.
 */
public interface RpcCall {

  /** The value of a metadata key, in lower case; the first if there are several. */
  Optional<String> metadata(String key);

  /** Where the call comes from, without the port. */
  String remoteAddress();

  /**
   * Takes the messages. To be called before the method returns.
   *
   * @param each called for each message, in order
   * @param end called after the last one; the client still waits for answers
   */
  void read(Consumer<Bytes> each, Runnable end);

  /**
   * Takes no more from the client until {@link #resume}; what has come already may still be handed
   * over, as much as one read of the connection.
   */
  default void pause() {}

  /** Takes messages again. */
  default void resume() {}

  /** Sends a message. */
  void write(Bytes message);

  /** Sends a message that others are sent as well. */
  default void write(SharedMessage message) {
    write(message.message());
  }

  /** Whether the client reads too slowly: what comes now should wait for {@link #onDrained}. */
  boolean isFull();

  /** Calls {@code more} once the client has caught up. */
  void onDrained(Runnable more);

  /** Ends the call well. */
  void end();

  /** Ends the call. */
  void fail(RpcFault fault);

  /** Whether anybody still waits for answers. */
  boolean isOpen();

  /**
   * Calls {@code closed} once the call is over, however that came: ended here, given up by the
   * client, out of time, connection lost.
   */
  void onClosed(Runnable closed);

  /**
   * Calls {@code ended} once the call is over, with how it ended; {@link RpcCode#CANCELLED} when it
   * was not ended here.
   */
  void onEnded(Consumer<RpcCode> ended);

  /** Runs {@code work} on this call's event loop, in a batch with others. Any thread. */
  void later(Runnable work);
}
