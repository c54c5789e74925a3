// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.v3.cli.Flags;
import io.kvorum.ctl.v3.output.Rendering;

/** A command whose request may also stand in a transaction. */
interface OpCommand extends Command, Rendering {

  /**
   * The number of its request among those of a transaction, and of its answer among the answers.
   */
  int opField();

  /** The request that arguments and flags ask for; says what is wrong with them. */
  ProtoWriter request(Call call, Flags flags);
}
