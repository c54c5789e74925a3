// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RunningCrcTest {

  @Test
  void startingFromAValueIsTheSameAsHavingReadWhatLedToIt() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 1000; round++) {
      byte[] first = new byte[random.nextInt(40)];
      byte[] second = new byte[random.nextInt(40)];
      random.nextBytes(first);
      random.nextBytes(second);
      RunningCrc whole = new RunningCrc(0);
      whole.update(first, 0, first.length);
      RunningCrc continued = new RunningCrc(whole.value());
      assertEquals(whole.value(), continued.value());
      whole.update(second, 0, second.length);
      continued.update(second, 0, second.length);
      assertEquals(whole.value(), continued.value());
    }
  }
}
