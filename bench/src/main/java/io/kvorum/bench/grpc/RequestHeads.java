// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header blocks of one connection's requests (HPACK, RFC 7541): written out the first time,
 * then a byte for each header, out of the table that both ends keep.
 */
final class RequestHeads {

  private static final int STATIC_ENTRIES = 61;
  private static final int INDEXED = 0x80;
  private static final int LITERAL_TO_TABLE = 0x40;
  private static final int METHOD_POST = 3;
  private static final int SCHEME_HTTP = 6;
  private static final int PATH = 4;
  private static final int AUTHORITY = 1;
  private static final int CONTENT_TYPE = 31;
  private static final int LENGTH_MAX = 126;

  private final String authority;
  private final List<String> table = new ArrayList<>();
  private final Map<String, byte[]> finished = new HashMap<>();

  RequestHeads(String authority) {
    this.authority = authority;
  }

  /** The block for the next request of this method, which must then be sent. */
  byte[] of(String path) {
    byte[] known = finished.get(path);
    if (known != null) {
      return known;
    }
    int before = table.size();
    byte[] block = block(path);
    if (table.size() == before) {
      finished.put(path, block);
    } else {
      // What was added has moved everything else in the table by some places.
      finished.clear();
    }
    return block;
  }

  private byte[] block(String path) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(INDEXED | METHOD_POST);
    block.write(INDEXED | SCHEME_HTTP);
    header(PATH, ":path", path, block);
    header(AUTHORITY, ":authority", authority, block);
    header(CONTENT_TYPE, "content-type", "application/grpc", block);
    header(0, "te", "trailers", block);
    return block.toByteArray();
  }

  /**
   * @param nameIndex of the name in the static table, 0 when it is not there
   */
  private void header(int nameIndex, String name, String value, ByteArrayOutputStream block) {
    int at = table.indexOf(name + ' ' + value);
    if (at >= 0) {
      block.write(INDEXED | STATIC_ENTRIES + table.size() - at);
      return;
    }
    block.write(LITERAL_TO_TABLE | nameIndex);
    if (nameIndex == 0) {
      text(name, block);
    }
    text(value, block);
    table.add(name + ' ' + value);
  }

  private static void text(String text, ByteArrayOutputStream block) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > LENGTH_MAX) {
      throw new IllegalArgumentException("header " + text + ": longer than " + LENGTH_MAX);
    }
    block.write(bytes.length);
    block.writeBytes(bytes);
  }
}
