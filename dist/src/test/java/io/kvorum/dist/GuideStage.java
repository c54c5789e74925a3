// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import java.util.List;
import java.util.OptionalLong;

/** Three hosts to replay the guide on; closing it takes them away without a trace. */
interface GuideStage extends AutoCloseable {

  /** master1, master2 and master3. */
  List<GuideHost> hosts();

  /**
   * Connections that programs on this host have opened; empty where others would be counted too.
   */
  OptionalLong connectionsOpened(GuideHost host);

  /** Packets that this host has sent to others; empty where others would be counted too. */
  OptionalLong packetsSent(GuideHost host);

  @Override
  void close();
}
