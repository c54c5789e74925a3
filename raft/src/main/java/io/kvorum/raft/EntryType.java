// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/** What a log entry carries. The ordinal is the number on the wire and on disk. */
public enum EntryType {
  /** A command, or nothing (a new leader's first entry). */
  NORMAL,
  /** One {@link ConfChange}. */
  CONF_CHANGE,
  /** A joint change. Understood, never proposed: genuine members stop on one. */
  CONF_CHANGE_V2
}
