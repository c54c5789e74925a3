// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import java.util.List;

/** What applying one command came to: the same on every member. */
public sealed interface Outcome {

  /** Done, nothing to tell. */
  record Done() implements Outcome {}

  /** The tree changed; {@code event.index()} is the store index right after. */
  record TreeChanged(TreeEvent event) implements Outcome {}

  /** What only commands of the v3 API come to. */
  sealed interface V3 extends Outcome {}

  /** The v3 keyspace carried out a command. */
  record Keyspace(KeyspaceResult result) implements V3 {}

  /** The leases were changed. */
  record Lease(LeaseResult result) implements V3 {}

  /** A command about alarms: those that it raised, ended or was asked for. */
  record Alarms(List<Alarm> alarms) implements V3 {

    public Alarms {
      alarms = List.copyOf(alarms);
    }
  }

  /** Somebody logged in: this is the token, unless tokens are made elsewhere. */
  record LoggedIn(String token) implements V3 {

    /** The token stays out of logs. */
    @Override
    public String toString() {
      return "LoggedIn";
    }
  }

  /** Nothing was changed, and why. */
  record Refused(Refusal refusal) implements Outcome {}
}
