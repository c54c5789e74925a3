// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import io.kvorum.base.Bytes;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cuts the bytes of a stream into messages: a flag, four bytes of length, the message. */
final class MessageAssembly {

  private static final int PREFIX_BYTES = 5;

  /** A length is only a claim: room is made as the bytes come. */
  private static final int ROOM_BYTES = 1 << 20;

  private final long bytesMax;
  private final byte[] prefix = new byte[PREFIX_BYTES];
  private int prefixAt;
  private byte[] message = {};
  private int length;
  private int at;

  MessageAssembly(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  static byte[] frame(Bytes message) {
    byte[] framed = new byte[PREFIX_BYTES + message.length()];
    int length = message.length();
    framed[1] = (byte) (length >> 24);
    framed[2] = (byte) (length >> 16);
    framed[3] = (byte) (length >> 8);
    framed[4] = (byte) length;
    message.copyTo(framed, PREFIX_BYTES);
    return framed;
  }

  /** Takes the next bytes, hands over what is complete; returns what is wrong with them. */
  @Nullable RpcFailure add(byte[] source, int from, int count, Consumer<Bytes> complete) {
    int next = from;
    int end = from + count;
    while (next < end) {
      if (prefixAt < PREFIX_BYTES) {
        prefix[prefixAt++] = source[next++];
        if (prefixAt < PREFIX_BYTES) {
          continue;
        }
        RpcFailure fault = begin();
        if (fault != null) {
          return fault;
        }
      }
      int part = Math.min(length - at, end - next);
      if (at + part > message.length) {
        message = Arrays.copyOf(message, (int) Math.min(length, 2L * (at + part)));
      }
      System.arraycopy(source, next, message, at, part);
      at += part;
      next += part;
      if (at == length) {
        complete.accept(Bytes.wrap(message, 0, length));
        prefixAt = 0;
      }
    }
    return null;
  }

  private @Nullable RpcFailure begin() {
    if (prefix[0] != 0) {
      return new RpcFailure(RpcStatus.INTERNAL, "the server compresses its messages", true);
    }
    long announced =
        (prefix[1] & 0xffL) << 24
            | (prefix[2] & 0xff) << 16
            | (prefix[3] & 0xff) << 8
            | (prefix[4] & 0xff);
    if (announced > bytesMax) {
      return new RpcFailure(
          RpcStatus.RESOURCE_EXHAUSTED,
          "grpc: received message larger than max (" + announced + " vs. " + bytesMax + ")",
          true);
    }
    length = (int) announced;
    at = 0;
    message = new byte[Math.min(length, ROOM_BYTES)];
    return null;
  }
}
