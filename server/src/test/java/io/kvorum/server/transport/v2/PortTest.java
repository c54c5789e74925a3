// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The set-up of tests that ask a client port: one for the class, as new before each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PortTest {
  final TestPort port = new TestPort();

  @BeforeEach
  void reset() {
    port.reset();
  }

  @AfterAll
  void close() {
    port.close();
  }
}
