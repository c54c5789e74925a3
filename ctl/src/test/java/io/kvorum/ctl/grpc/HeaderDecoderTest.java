// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of RFC 7541, appendix C, and what is not allowed. */
class HeaderDecoderTest {

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @Test
  void requestsWithoutHuffmanCodingShareATable() {
    HeaderDecoder decoder = new HeaderDecoder();
    assertEquals(
        Map.of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com"),
        decoder.decode(bytes("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d")));
    assertEquals(
        Map.of(
            ":method", "GET",
            ":scheme", "http",
            ":path", "/",
            ":authority", "www.example.com",
            "cache-control", "no-cache"),
        decoder.decode(bytes("8286 84be 5808 6e6f 2d63 6163 6865")));
    assertEquals(
        Map.of(
            ":method", "GET",
            ":scheme", "https",
            ":path", "/index.html",
            ":authority", "www.example.com",
            "custom-key", "custom-value"),
        decoder.decode(
            bytes("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65")));
  }

  @Test
  void requestsWithHuffmanCodingShareATable() {
    HeaderDecoder decoder = new HeaderDecoder();
    assertEquals(
        "www.example.com",
        decoder.decode(bytes("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff")).get(":authority"));
    assertEquals(
        "no-cache", decoder.decode(bytes("8286 84be 5886 a8eb 1064 9cbf")).get("cache-control"));
    assertEquals(
        "custom-value",
        decoder
            .decode(bytes("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))
            .get("custom-key"));
  }

  @Test
  void aTableThatIsMadeEmptyIsEmpty() {
    HeaderDecoder decoder = new HeaderDecoder();
    decoder.decode(bytes("400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"));
    assertEquals("custom-value", decoder.decode(bytes("be")).get("custom-key"));
    assertThrows(ProtocolViolation.class, () -> decoder.decode(bytes("20be")));
  }

  @Test
  void brokenBlocksAreRefused() {
    for (String block :
        new String[] {
          "80", "ff80", "c6", "ffffffffffff01", "410f77", "4185ffffffffff", "3fe1ff03"
        }) {
      assertThrows(ProtocolViolation.class, () -> new HeaderDecoder().decode(bytes(block)), block);
    }
  }
}
