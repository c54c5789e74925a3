// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C over everything since the log's first record: the value of a record is the value of the
 * one before, continued over its data.
 *
 * <p>The JDK's checksum runs in a few instructions per word but can not start from a given value.
 * Four bytes of input can take it to any value, though: the register after them is a bijection of
 * the bytes. So starting from a value means feeding it those four bytes.
 */
final class RunningCrc {

  /** Castagnoli's polynomial, bits reflected. */
  private static final int POLYNOMIAL = 0x82F63B78;

  private final CRC32C crc = new CRC32C();

  /** Starts from {@code value}. */
  RunningCrc(int value) {
    restart(value);
  }

  void restart(int value) {
    crc.reset();
    if (value != 0) {
      int register = ~value;
      for (int bit = 0; bit < 32; bit++) {
        // One step back: the polynomial's top bit is set, so the top bit tells what was shifted
        // out.
        register = register < 0 ? (register ^ POLYNOMIAL) << 1 | 1 : register << 1;
      }
      int input = ~register;
      for (int shift = 0; shift < 32; shift += 8) {
        crc.update(input >>> shift);
      }
    }
  }

  void update(ByteBuffer data) {
    crc.update(data);
  }

  void update(byte[] data, int from, int length) {
    crc.update(data, from, length);
  }

  int value() {
    return (int) crc.getValue();
  }
}
