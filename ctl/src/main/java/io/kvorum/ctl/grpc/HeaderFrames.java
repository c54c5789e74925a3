// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Puts a header block together that may have come in several frames. */
final class HeaderFrames {

  private static final int BLOCK_BYTES_MAX = 1 << 20;
  private static final int PRIORITY_BYTES = 5;

  private HeaderFrames() {}

  /** The block that begins with the frame just read; reads those that continue it. */
  static byte[] collect(FrameReader frame) throws IOException {
    byte[] first = frame.payload();
    int from = frame.has(Http2.PADDED) ? 1 : 0;
    int padding = from == 0 || first.length == 0 ? 0 : first[0] & 0xff;
    from += frame.has(Http2.PRIORITY_FIELDS) ? PRIORITY_BYTES : 0;
    int length = first.length - from - padding;
    if (length < 0) {
      throw new ProtocolViolation("a header frame with more padding than content");
    }
    ByteArrayOutputStream block = new ByteArrayOutputStream(length);
    block.write(first, from, length);
    int stream = frame.stream();
    while (!frame.has(Http2.END_HEADERS)) {
      frame.next();
      if (frame.type() != Http2.CONTINUATION || frame.stream() != stream) {
        throw new ProtocolViolation("a header block is interrupted");
      }
      block.write(frame.payload(), 0, frame.payload().length);
      if (block.size() > BLOCK_BYTES_MAX) {
        throw new ProtocolViolation("a header block of more than 1 MiB");
      }
    }
    return block.toByteArray();
  }
}
