// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.Distribution;
import java.nio.file.Path;

/**
 * Which programs the tests of this module run: the distribution just built; with {@code
 * -Dkvorum.dist=FOLDER} another one; with {@code -Dkvorum.genuine=FOLDER} a genuine etcd and
 * etcdctl of release 3.4, to try the tests themselves.
 */
final class DistributionUnderTest {
  private DistributionUnderTest() {}

  static Distribution find() {
    String genuine = System.getProperty("kvorum.genuine", "");
    return genuine.isEmpty()
        ? Distribution.at(Path.of(System.getProperty("kvorum.dist", "target/kvorum")))
        : Distribution.genuine(Path.of(genuine));
  }
}
