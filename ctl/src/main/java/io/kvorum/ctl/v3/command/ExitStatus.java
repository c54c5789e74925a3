// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

/** Exit statuses of etcdctl v3. */
public final class ExitStatus {

  /** A refusal, an unhealthy cluster, an unknown command or flag. */
  public static final int ERROR = 1;

  /** No client could be made: no endpoint, no login. */
  static final int BAD_CONNECTION = 2;

  /** Input that can not be understood. */
  static final int INVALID_INPUT = 3;

  /** A format or choice that does not exist. */
  static final int BAD_FEATURE = 4;

  /** A stream that the server ended. */
  static final int INTERRUPTED = 5;

  /** Wrong number or form of arguments. */
  static final int BAD_ARGUMENTS = 128;

  private ExitStatus() {}
}
