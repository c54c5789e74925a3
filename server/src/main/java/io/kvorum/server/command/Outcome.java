// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/** What applying one command came to: the same on every member. */
public sealed interface Outcome {

  /** Done, nothing to tell. */
  record Done() implements Outcome {}

  /** The tree changed; {@code event.index()} is the store index right after. */
  record TreeChanged(TreeEvent event) implements Outcome {}

  /** The v3 keyspace carried out a command. */
  record Keyspace(KeyspaceResult result) implements Outcome {}

  /** Nothing was changed, and why. */
  record Refused(Refusal refusal) implements Outcome {}
}
