// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "7258461092, 7.258461092s",
    "66356850640, 1m6.35685064s",
    "3600000000000, 1h0m0s",
    "0, 0s",
    "500000000, 0.5s"
  })
  void durationsReadAsInGo(long nanos, String text) {
    assertEquals(text, GoDuration.text(nanos));
  }
}
