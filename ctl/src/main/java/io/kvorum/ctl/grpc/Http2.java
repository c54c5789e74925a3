// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import java.nio.charset.StandardCharsets;

/** Numbers of HTTP/2 (RFC 9113). */
final class Http2 {

  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  static final int FRAME_HEADER_BYTES = 9;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int PRIORITY_FIELDS = 0x20;

  static final int SETTING_ENABLE_PUSH = 2;
  static final int SETTING_CONCURRENT_STREAMS_MAX = 3;
  static final int SETTING_INITIAL_WINDOW = 4;
  static final int SETTING_FRAME_BYTES_MAX = 5;

  static final int WINDOW_DEFAULT = 65_535;
  static final int FRAME_BYTES_DEFAULT = 16_384;

  static final int ERROR_NONE = 0;
  static final int ERROR_REFUSED_STREAM = 7;
  static final int ERROR_CANCEL = 8;
  static final int ERROR_ENHANCE_YOUR_CALM = 11;

  private Http2() {}
}
