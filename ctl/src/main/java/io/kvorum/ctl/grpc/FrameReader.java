// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/**
 * Reads frames from one connection. When the socket's time-out passes without a byte, the owner is
 * told and reading goes on. Used by one thread.
 */
final class FrameReader {

  /** Hears that nothing came for as long as the socket's time-out. */
  interface Silence {
    /** Returns to go on waiting, throws to give up. */
    void passed() throws IOException;
  }

  private static final int BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private final Silence silence;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  private int type;
  private int flags;
  private int stream;
  private byte[] payload = {};

  FrameReader(InputStream in, Silence silence) {
    this.in = in;
    this.silence = silence;
  }

  /** Reads the next frame whole. */
  void next() throws IOException {
    int length = int8() << 16 | int8() << 8 | int8();
    type = int8();
    flags = int8();
    stream = (int8() << 24 | int8() << 16 | int8() << 8 | int8()) & Integer.MAX_VALUE;
    if (length > Http2.FRAME_BYTES_DEFAULT) {
      throw new ProtocolViolation("a frame of " + length + " bytes: not HTTP/2?");
    }
    payload = new byte[length];
    int at = 0;
    while (at < length) {
      if (position == limit) {
        fill();
      }
      int part = Math.min(length - at, limit - position);
      System.arraycopy(buffer, position, payload, at, part);
      position += part;
      at += part;
    }
  }

  int type() {
    return type;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  int stream() {
    return stream;
  }

  /** The frame's content, the caller's from now on. */
  byte[] payload() {
    return payload;
  }

  /** Whether everything that came has been read: the time to be economical is over. */
  boolean isDrained() {
    return position == limit;
  }

  private int int8() throws IOException {
    if (position == limit) {
      fill();
    }
    return buffer[position++] & 0xff;
  }

  private void fill() throws IOException {
    for (; ; ) {
      try {
        int count = in.read(buffer);
        if (count < 0) {
          throw new EOFException("EOF");
        }
        position = 0;
        limit = count;
        return;
      } catch (SocketTimeoutException e) {
        silence.passed();
      }
    }
  }
}
