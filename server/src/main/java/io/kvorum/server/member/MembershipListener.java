// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

/** Is told of each new membership. Called on the apply thread; only enqueues. */
@FunctionalInterface
public interface MembershipListener {
  void membershipChanged(Membership membership);
}
