// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

/** What some clients do to a simulated cluster, and what must hold of it. */
interface Workload {

  /** Lets one client do one thing, if it has nothing under way. */
  void step();

  /** After the trouble, when every request has ended: throws if anything was lost or made up. */
  void judge();
}
