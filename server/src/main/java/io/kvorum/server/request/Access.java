// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;

/** What a caller wants to be allowed. */
public sealed interface Access {

  /** To see a key; {@code asked} is the path as asked for, a trailing slash included. */
  record ReadKey(Bytes asked, boolean recursive) implements Access {}

  /** To change a key. */
  record WriteKey(Bytes asked, boolean recursive) implements Access {}

  /** To change the membership. */
  record ChangeMembers() implements Access {}

  /** To see or change users and roles, or to turn authentication on or off. */
  record ManageAuth() implements Access {}
}
