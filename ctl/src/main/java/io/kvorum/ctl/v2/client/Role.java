// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import java.util.List;

/** A role and the patterns of keys that it may read and write. */
public record Role(String name, List<String> read, List<String> write) {

  public Role {
    read = List.copyOf(read);
    write = List.copyOf(write);
  }
}
