// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

import io.kvorum.ctl.v3.wire.Message;

/**
 * An answer that says no more than that it is done.
 *
 * @param line what is said for people
 * @param hasFields whether {@code fields} shows the header; else there is no such format
 */
public record FixedText(String line, boolean hasFields) implements Rendering {

  @Override
  public void simple(Output out, Message answer) {
    out.line(line);
  }

  @Override
  public void fields(Output out, Message answer) {
    if (!hasFields) {
      throw out.unsupported();
    }
    out.header(answer);
  }
}
