// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeToLiveTest {
  @ParameterizedTest
  @CsvSource({
    "5000000000, 0, 5",
    "4000000001, 0, 5",
    "1, 0, 1",
    "0, 0, 0",
    "0, 999999999, 0",
    "0, 1000000001, -1",
    "0, 2999999999, -2",
    "9223372036854775807, -1, 9223372037",
    "-9223372036854775808, 1, -9223372036",
  })
  void whatIsLeftIsRoundedUpAndCutOffAfterTheDeadline(long deadline, long now, long seconds) {
    assertEquals(seconds, KeysJson.timeToLive(deadline, now));
  }
}
