// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

/**
 * The identity of a member: an unsigned 64-bit number, 0 is nobody.
 *
 * <p>As text it is lower-case hex without leading zeros; in the peers' member JSON it is a decimal
 * number (docs/architecture.md, "ids").
 */
public record MemberId(long value) implements Comparable<MemberId> {

  public static final MemberId NONE = new MemberId(0);

  /** Parses hex text. Throws {@link NumberFormatException} naming the text when it is not hex. */
  public static MemberId parseHex(String hex) {
    return new MemberId(Long.parseUnsignedLong(hex, 16));
  }

  /** The text form of a raw id. */
  public static String hex(long id) {
    return Long.toHexString(id);
  }

  public String hex() {
    return hex(value);
  }

  @Override
  public int compareTo(MemberId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return hex();
  }
}
