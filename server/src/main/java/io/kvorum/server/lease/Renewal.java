// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

/** What became of the wish to renew a lease. */
public sealed interface Renewal {

  /** It lasts its full time again, whoever leads from now on. */
  record Renewed(long ttlSeconds) implements Renewal {}

  /** This member has not heard of it; it may not have applied enough. */
  record Unknown() implements Renewal {}

  /** It had run out, and has been revoked by now. */
  record Over() implements Renewal {}

  /** Another member has to be asked, or this one later. */
  record NotLeading() implements Renewal {}

  /** Too many wait already. */
  record TooMany() implements Renewal {}
}
