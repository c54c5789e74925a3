// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import java.nio.charset.StandardCharsets;

/**
 * The Huffman code of HPACK (RFC 7541, appendix B), decoding only.
 *
 * <p>The code is canonical: codes of one length count up in the order of their symbols, and shorter
 * ones come first. So the lengths alone are the table.
 */
final class HuffmanCode {

  private static final int SYMBOLS = 256;
  private static final int BITS_MIN = 5;
  private static final int BITS_MAX = 30;

  /** The length of each symbol's code, {@code A} for 5 bits; the last one ends the string. */
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJB"
          + "KABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
          + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

  private static final int[] SORTED = new int[SYMBOLS + 1];
  private static final int[] FIRST_CODE = new int[BITS_MAX + 1];
  private static final int[] FIRST_INDEX = new int[BITS_MAX + 2];

  static {
    int code = 0;
    int index = 0;
    for (int bits = BITS_MIN; bits <= BITS_MAX; bits++) {
      FIRST_CODE[bits] = code;
      FIRST_INDEX[bits] = index;
      for (int symbol = 0; symbol <= SYMBOLS; symbol++) {
        if (LENGTHS.charAt(symbol) - 'A' + BITS_MIN == bits) {
          SORTED[index++] = symbol;
          code++;
        }
      }
      code <<= 1;
    }
    FIRST_INDEX[BITS_MAX + 1] = index;
  }

  private HuffmanCode() {}

  /**
   * The text behind a coded one.
   *
   * @throws ProtocolViolation when it is not coded right
   */
  static String decode(byte[] source, int from, int length) {
    byte[] text = new byte[length * 8 / BITS_MIN + 1];
    int size = 0;
    int code = 0;
    int bits = 0;
    for (int i = 0; i < length * 8; i++) {
      code = code << 1 | (source[from + i / 8] >> (7 - i % 8) & 1);
      bits++;
      int symbol = symbolOf(code, bits);
      if (symbol == SYMBOLS || bits > BITS_MAX) {
        throw new ProtocolViolation("a header has no valid Huffman code");
      }
      if (symbol >= 0) {
        text[size++] = (byte) symbol;
        code = 0;
        bits = 0;
      }
    }
    if (bits > 7 || code != (1 << bits) - 1) {
      throw new ProtocolViolation("a header's Huffman code ends in the middle");
    }
    return new String(text, 0, size, StandardCharsets.UTF_8);
  }

  private static int symbolOf(int code, int bits) {
    if (bits < BITS_MIN || bits > BITS_MAX) {
      return -1;
    }
    int offset = code - FIRST_CODE[bits];
    int index = FIRST_INDEX[bits] + offset;
    return offset >= 0 && index < FIRST_INDEX[bits + 1] ? SORTED[index] : -1;
  }
}
