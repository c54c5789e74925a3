// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

import io.kvorum.base.Bytes;
import java.nio.ByteBuffer;

/** Cuts the body of an answer into gRPC's messages: a flag, four bytes of length, the message. */
final class AnswerReader {

  private static final int HEAD_BYTES = 5;

  private final Exchange exchange;
  private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
  private byte[] message = {};
  private int length = -1;
  private int filled;

  AnswerReader(Exchange exchange) {
    this.exchange = exchange;
  }

  void add(ByteBuffer piece) {
    while (piece.hasRemaining()) {
      if (length < 0) {
        readHead(piece);
      }
      if (length >= 0) {
        readMessage(piece);
      }
    }
  }

  private void readHead(ByteBuffer piece) {
    while (head.hasRemaining() && piece.hasRemaining()) {
      head.put(piece.get());
    }
    if (!head.hasRemaining()) {
      length = head.getInt(1);
      head.clear();
      filled = 0;
      message = exchange.readsMessages() ? new byte[length] : message;
    }
  }

  private void readMessage(ByteBuffer piece) {
    int taken = Math.min(length - filled, piece.remaining());
    if (exchange.readsMessages()) {
      piece.get(message, filled, taken);
    } else {
      piece.position(piece.position() + taken);
    }
    filled += taken;
    if (filled == length) {
      length = -1;
      exchange.message(exchange.readsMessages() ? Bytes.wrap(message) : Bytes.EMPTY);
    }
  }
}
