// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

/**
 * Whether a term that a peer names can be true. A term is one election; one that lies further ahead
 * than a cluster could have voted in a century is a lie or a broken peer, and to follow it would
 * use up the numbers for good. A member that has seen no term yet, because it joins, believes all
 * but the last quarter of them.
 */
final class PlausibleTerm {

  static final long LEAP_MAX = 1L << 32;
  static final long TERM_MAX = 1L << 62;

  private PlausibleTerm() {}

  static boolean holds(long named, long own) {
    return named >= 0 && named < TERM_MAX && (own == 0 || named - own <= LEAP_MAX);
  }
}
