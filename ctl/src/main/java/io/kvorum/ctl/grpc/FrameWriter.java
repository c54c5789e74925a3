// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes frames to one connection, each whole. Thread-safe; blocks while the socket is full. */
final class FrameWriter {

  private static final int BUFFER_BYTES = 32 * 1024;

  private final OutputStream out;

  FrameWriter(OutputStream socket) {
    this.out = new BufferedOutputStream(socket, BUFFER_BYTES);
  }

  /** The client's first words; they leave together with the first request. */
  synchronized void open(int streamWindow, int connectionWindow) throws IOException {
    out.write(Http2.PREFACE);
    head(12, Http2.SETTINGS, 0, 0);
    setting(Http2.SETTING_ENABLE_PUSH, 0);
    setting(Http2.SETTING_INITIAL_WINDOW, streamWindow);
    head(4, Http2.WINDOW_UPDATE, 0, 0);
    int32(connectionWindow - Http2.WINDOW_DEFAULT);
  }

  private void setting(int id, int value) throws IOException {
    out.write(id >> 8);
    out.write(id);
    int32(value);
  }

  /** A header block, in as many frames as it takes. Order of stream numbers is the caller's. */
  synchronized void headers(int stream, byte[] block) throws IOException {
    int type = Http2.HEADERS;
    int at = 0;
    do {
      int part = Math.min(block.length - at, Http2.FRAME_BYTES_DEFAULT);
      boolean last = at + part == block.length;
      head(part, type, last ? Http2.END_HEADERS : 0, stream);
      out.write(block, at, part);
      at += part;
      type = Http2.CONTINUATION;
    } while (at < block.length);
  }

  synchronized void data(int stream, byte[] source, int from, int length, boolean end)
      throws IOException {
    head(length, Http2.DATA, end ? Http2.END_STREAM : 0, stream);
    out.write(source, from, length);
  }

  synchronized void reset(int stream, int error) throws IOException {
    head(4, Http2.RST_STREAM, 0, stream);
    int32(error);
    out.flush();
  }

  synchronized void windowUpdate(int stream, int bytes) throws IOException {
    head(4, Http2.WINDOW_UPDATE, 0, stream);
    int32(bytes);
    out.flush();
  }

  synchronized void settingsAck() throws IOException {
    head(0, Http2.SETTINGS, Http2.ACK, 0);
    out.flush();
  }

  synchronized void ping(byte[] payload, boolean ack) throws IOException {
    head(payload.length, Http2.PING, ack ? Http2.ACK : 0, 0);
    out.write(payload);
    out.flush();
  }

  synchronized void goAway() throws IOException {
    head(8, Http2.GOAWAY, 0, 0);
    int32(0);
    int32(Http2.ERROR_NONE);
    out.flush();
  }

  synchronized void flush() throws IOException {
    out.flush();
  }

  private void head(int length, int type, int flags, int stream) throws IOException {
    out.write(length >> 16);
    out.write(length >> 8);
    out.write(length);
    out.write(type);
    out.write(flags);
    int32(stream);
  }

  private void int32(int value) throws IOException {
    out.write(value >> 24);
    out.write(value >> 16);
    out.write(value >> 8);
    out.write(value);
  }
}
