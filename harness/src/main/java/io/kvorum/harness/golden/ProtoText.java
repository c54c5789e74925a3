// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoReader;
import java.util.Base64;

/**
 * An answer in protobuf as text, field by field, without the ids and the term in its header, which
 * depend on where and how often the server was started.
 */
final class ProtoText {

  private static final int HEADER = 1;
  private static final int REVISION = 3;

  private ProtoText() {}

  /** The text of bytes in base64; what is no protobuf is shown as it is. */
  static String of(String base64) {
    try {
      ProtoReader in = new ProtoReader("answer", Bytes.wrap(Base64.getDecoder().decode(base64)));
      StringBuilder text = new StringBuilder();
      for (int field = in.next(); field != 0; field = in.next()) {
        text.append(field).append(": ");
        text.append(field == HEADER ? header(in.message("header")) : value(in)).append('\n');
      }
      return text.toString();
    } catch (IllegalArgumentException | MalformedProto e) {
      return base64;
    }
  }

  private static String header(ProtoReader in) {
    StringBuilder text = new StringBuilder();
    for (int field = in.next(); field != 0; field = in.next()) {
      long value = in.uint64();
      text.append(field).append(field == REVISION ? "=" + value : "").append(' ');
    }
    return text.toString();
  }

  private static String value(ProtoReader in) {
    try {
      return in.bytes().hex();
    } catch (MalformedProto e) {
      return Long.toString(in.uint64());
    }
  }
}
