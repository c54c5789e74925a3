// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

import io.kvorum.ctl.v3.wire.Message;

/** How one kind of answer looks in the formats that differ from message to message. */
public interface Rendering {

  /** Prints it for people. */
  void simple(Output out, Message answer);

  /** Prints it as name and value, one a line. */
  default void fields(Output out, Message answer) {
    throw out.unsupported();
  }

  /** Prints it as a table. */
  default void table(Output out, Message answer) {
    throw out.unsupported();
  }

  /** Prints it as JSON. */
  default void json(Output out, Message answer) {
    out.json(answer);
  }
}
