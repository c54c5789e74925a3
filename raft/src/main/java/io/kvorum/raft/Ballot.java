// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/** The term and the vote in it, and what of the hard state the disk was given last. */
final class Ballot {

  private long term;
  private long vote;
  private HardState handedOver;

  Ballot(HardState start) {
    term = start.term();
    vote = start.vote();
    handedOver = start;
  }

  long term() {
    return term;
  }

  long vote() {
    return vote;
  }

  /** Enters {@code newTerm} with no vote cast, or stays where it is with its vote kept. */
  void enter(long newTerm) {
    if (newTerm < term) {
      throw new BrokenInvariant("term going back from " + term + " to " + newTerm);
    }
    if (newTerm > term) {
      term = newTerm;
      vote = 0;
    }
  }

  void cast(long candidate) {
    if (vote != 0 && vote != candidate) {
      throw new BrokenInvariant(
          "second vote in term %d: for %x after %x".formatted(term, candidate, vote));
    }
    vote = candidate;
  }

  boolean hasChanged(long commit) {
    return handedOver.term() != term || handedOver.vote() != vote || handedOver.commit() != commit;
  }

  boolean needsSync() {
    return handedOver.term() != term || handedOver.vote() != vote;
  }

  HardState take(long commit) {
    handedOver = new HardState(term, vote, commit);
    return handedOver;
  }
}
