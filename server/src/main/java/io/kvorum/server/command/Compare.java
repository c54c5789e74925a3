// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;

/**
 * A condition of a transaction: {@code stored <relation> given} for the key, or for every key of
 * the range that exists.
 *
 * @param rangeEnd as in {@link KeyspaceCommand#range}
 * @param number what to compare with, unless {@code target} is the value
 * @param value what to compare with if {@code target} is the value
 */
public record Compare(
    Bytes key, Bytes rangeEnd, Target target, Relation relation, long number, Bytes value) {

  /** What is compared; the order is the protocol's numbering. */
  public enum Target {
    VERSION,
    CREATE_REVISION,
    MOD_REVISION,
    VALUE,
    LEASE
  }

  /** How; the order is the protocol's numbering. */
  public enum Relation {
    EQUAL,
    GREATER,
    LESS,
    NOT_EQUAL
  }

  /** Whether the version number, a revision or the lease of one key relates to {@code number}. */
  public static Compare number(Bytes key, Target target, Relation relation, long number) {
    return new Compare(key, Bytes.EMPTY, target, relation, number, Bytes.EMPTY);
  }

  /** Whether the value of one key relates to {@code value}. */
  public static Compare value(Bytes key, Relation relation, Bytes value) {
    return new Compare(key, Bytes.EMPTY, Target.VALUE, relation, 0, value);
  }
}
