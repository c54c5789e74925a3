// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/**
 * What a node must remember across restarts beside its entries.
 *
 * @param vote who got this node's vote in {@code term}, 0 for nobody
 * @param commit the highest index known committed; may lag behind the truth after a crash
 */
public record HardState(long term, long vote, long commit) {

  public static final HardState EMPTY = new HardState(0, 0, 0);

  /** Whether moving here from {@code before} must reach the disk before a message leaves. */
  public boolean needsSyncAfter(HardState before) {
    return term != before.term || vote != before.vote;
  }
}
