// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks are read back by a decoder that knows no more than RFC 7541 says. */
class RequestHeadsTest {

  private static final int STATIC_ENTRIES = 61;

  private final RequestHeads heads = new RequestHeads("127.0.0.1:2379");

  /** The table of the reading end, the newest first. */
  private final List<String> table = new ArrayList<>();

  @Test
  void everyBlockSaysTheSameWhateverIsInTheTable() {
    for (String path : List.of("/a", "/a", "/b", "/a", "/b", "/c", "/c", "/a")) {
      assertEquals(
          List.of(
              ":method POST",
              ":scheme http",
              ":path " + path,
              ":authority 127.0.0.1:2379",
              "content-type application/grpc",
              "te trailers"),
          decode(heads.of(path)));
    }
  }

  @Test
  void aRepeatedBlockTakesAByteForEachHeader() {
    heads.of("/a");
    assertEquals(6, heads.of("/a").length);
  }

  private List<String> decode(byte[] block) {
    List<String> headers = new ArrayList<>();
    int at = 0;
    while (at < block.length) {
      int first = block[at++] & 0xff;
      if (first >= 0x80) {
        headers.add(entry(first & 0x7f));
      } else {
        String name;
        if ((first & 0x3f) == 0) {
          name = text(block, at);
          at += 1 + name.length();
        } else {
          name = entry(first & 0x3f).split(" ")[0];
        }
        String value = text(block, at);
        at += 1 + value.length();
        table.add(0, name + " " + value);
        headers.add(name + " " + value);
      }
    }
    return headers;
  }

  private String entry(int index) {
    return switch (index) {
      case 1 -> ":authority";
      case 3 -> ":method POST";
      case 4 -> ":path /";
      case 6 -> ":scheme http";
      case 31 -> "content-type";
      default -> table.get(index - STATIC_ENTRIES - 1);
    };
  }

  private static String text(byte[] block, int at) {
    return new String(block, at + 1, block[at], java.nio.charset.StandardCharsets.US_ASCII);
  }
}
