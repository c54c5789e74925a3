// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

/** What the leader, or who was taken for it, says about a lease. */
public sealed interface LeaseReply<T> {

  /** The lease stands. */
  record Stands<T>(T value) implements LeaseReply<T> {}

  /** There is none of that id. */
  record Gone<T>() implements LeaseReply<T> {}

  /** Ask again, perhaps somebody else: it does not lead, or does not answer. */
  record NotHere<T>() implements LeaseReply<T> {}

  /** It leads but can not tell; {@code reason} as etcd words it. */
  record Failed<T>(String reason) implements LeaseReply<T> {}
}
