// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import java.util.Comparator;

/**
 * The place of one change of one key in history.
 *
 * @param main what clients call the revision: one for all changes of a command
 * @param sub the number of the change within its command, from 0 on
 */
record Revision(long main, long sub) implements Comparable<Revision> {

  private static final Comparator<Revision> ORDER =
      Comparator.comparingLong(Revision::main).thenComparingLong(Revision::sub);

  @Override
  public int compareTo(Revision other) {
    return ORDER.compare(this, other);
  }
}
