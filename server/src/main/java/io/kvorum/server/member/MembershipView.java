// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

/** Where to read the membership. Callable from any thread; each call may see a newer one. */
@FunctionalInterface
public interface MembershipView {
  Membership current();
}
