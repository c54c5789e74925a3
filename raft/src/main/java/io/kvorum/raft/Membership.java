// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/** Who takes part, as last applied, seen from one node. */
final class Membership {

  private final long self;
  private ConfState conf;
  private Quorum quorum;
  private long appliedChange;

  Membership(long self, ConfState conf, long appliedIndex) {
    this.self = self;
    this.conf = conf;
    this.quorum = new Quorum(conf);
    this.appliedChange = appliedIndex;
  }

  ConfState conf() {
    return conf;
  }

  Quorum quorum() {
    return quorum;
  }

  /** No configuration entry up to here is waiting for its application. */
  long appliedChange() {
    return appliedChange;
  }

  boolean isSelfVoter() {
    return quorum.isVoter(self);
  }

  boolean contains(long id) {
    return quorum.isVoter(id) || isLearner(id);
  }

  boolean isLearner(long id) {
    return conf.learners().contains(id);
  }

  void applied(long index, ConfState next) {
    appliedChange = Math.max(appliedChange, index);
    conf = next;
    quorum = new Quorum(next);
  }
}
