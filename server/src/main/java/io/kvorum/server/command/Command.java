// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/** One change of the replicated state: what a log entry asks every member to do. */
public sealed interface Command permits TreeCommand, MemberCommand, V3Request, Command.Nothing {

  /** An entry without effect: a new leader's first one. */
  record Nothing() implements Command {}
}
