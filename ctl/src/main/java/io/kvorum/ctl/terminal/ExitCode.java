// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

/** Exit statuses of etcdctl 2.3.7. */
public final class ExitCode {

  public static final int SUCCESS = 0;

  /** Bad arguments, and every failure of the member commands. */
  public static final int BAD_ARGUMENTS = 1;

  /** No endpoint could be connected to while the endpoint list was synchronised. */
  public static final int BAD_CONNECTION = 2;

  /** A refusal or failure of the server or cluster during the command. */
  public static final int SERVER_ERROR = 4;

  public static final int CLUSTER_UNHEALTHY = 5;

  /** What a shell shows for a program that wrote to a closed pipe. */
  public static final int BROKEN_PIPE = 141;

  private ExitCode() {}
}
