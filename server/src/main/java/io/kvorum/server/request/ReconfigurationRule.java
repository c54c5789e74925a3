// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.member.Membership;
import java.util.Optional;

/**
 * What may stand against proposing a change of the membership now, in etcd's words. Nothing here
 * decides an outcome: that is for apply. Callable from any thread.
 */
public interface ReconfigurationRule {

  /** Every change may be proposed. */
  ReconfigurationRule NONE =
      new ReconfigurationRule() {
        @Override
        public Optional<String> againstAddingVoter(Membership now) {
          return Optional.empty();
        }

        @Override
        public Optional<String> againstRemoving(Membership now, MemberId id) {
          return Optional.empty();
        }

        @Override
        public Optional<String> againstPromoting(Membership now, MemberId id) {
          return Optional.empty();
        }
      };

  /** Why no voter should be added; empty when one may. */
  Optional<String> againstAddingVoter(Membership now);

  /** Why this member should stay; empty when it may go. */
  Optional<String> againstRemoving(Membership now, MemberId id);

  /** Why this learner should stay one; empty when it may become a voter. */
  Optional<String> againstPromoting(Membership now, MemberId id);
}
