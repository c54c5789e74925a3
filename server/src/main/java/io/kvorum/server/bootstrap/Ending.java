// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

/** Why a member ends without having been asked to. */
public sealed interface Ending {

  /** The cluster removed it for good: exit status 0. */
  record Removed() implements Ending {}

  /** Something that must not happen did: exit status 1, nothing is saved any more. */
  record Failed(Throwable cause) implements Ending {}
}
